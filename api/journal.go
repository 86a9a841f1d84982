package api

import (
	"cmp"
	"context"
	"net/http"
	"regexp"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// isDeed says whether a call of the route belongs into the journal: what people do. That
// services send single messages does not.
func (rt route) isDeed() bool {
	return !rt.asks() && rt.role > Anyone && rt.path != "/v1/messages"
}

// begin is the deed of a call as far as it is known before it is served; see readOrder.
func (v *visit) begin(r *http.Request, rt route) {
	v.by.deed = &campaign.Deed{
		At: v.began.UTC(), By: v.by.Name, Role: v.by.Role.String(), What: rt.method + " " + rt.path, Request: v.request,
		About: cmp.Or(r.PathValue("id"), r.PathValue("lane"), r.PathValue("account")),
	}
}

// about says what the deed is about, where the path does not.
func (by Caller) about(what string) {
	if by.deed != nil {
		by.deed.About = what
	}
}

// because says why.
func (by Caller) because(why string) {
	if by.deed != nil {
		by.deed.Why = why
	}
}

// touched says how many messages it concerns.
func (by Caller) touched(n int) {
	if by.deed != nil {
		by.deed.Touched = &n
	}
}

// journalise writes down what was done. It is done all the same if that fails, and told
// in the log.
func (s *Server) journalise(r *http.Request, d *campaign.Deed) {
	s.log.Info("done", "what", d.What, "about", d.About, "by", d.By, "why", d.Why)
	if s.journal == nil {
		return
	}
	if err := s.journal.Note(context.WithoutCancel(r.Context()), *d); err != nil {
		s.log.Error("a deed is not in the journal", "what", d.What, "about", d.About, "by", d.By, "why", d.Why, "error", err)
	}
}

const (
	deedsAtOnce = 100
	mostDeeds   = 1000
)

var deedID = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}$`)

// listDeeds tells who did what and why, the latest first, page by page.
func (s *Server) listDeeds(w http.ResponseWriter, r *http.Request, _ Caller) error {
	limit, before := deedsAtOnce, r.URL.Query().Get("before")
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostDeeds {
			return malformed.because("want the query limit as a number from 1 to 1000")
		}
		limit = n
	}
	if before != "" && !deedID.MatchString(before) {
		return malformed.because("want the query before as the id of a deed")
	}
	answer := DeedList{Deeds: []campaign.Deed{}}
	if s.journal != nil {
		found, err := s.journal.Deeds(r.Context(), before, limit)
		if err != nil {
			return err
		}
		if answer.Deeds = found; len(found) == limit {
			answer.Next = found[limit-1].ID
		}
	}
	return reply(w, http.StatusOK, answer)
}
