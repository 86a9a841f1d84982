package api

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

const (
	deedsAtOnce = 100
	mostDeeds   = 1000
)

var deedID = regexp.MustCompile(`^[0-9]{1,20}-[0-9]{1,20}$`)

// deedQuery is what is asked of the journal.
type deedQuery struct {
	before          string
	limit           int
	by, about, what string // "": whoever, and whatever
}

func readDeedQuery(r *http.Request) (q deedQuery, err error) {
	v := r.URL.Query()
	q = deedQuery{before: v.Get("before"), by: v.Get("by"), about: v.Get("about"), what: v.Get("what")}
	if q.limit, err = readLimit(r, deedsAtOnce, mostDeeds); err != nil {
		return q, err
	}
	if q.before != "" && !deedID.MatchString(q.before) {
		return q, malformed.because("want the query before as the id of a deed")
	}
	return q, nil
}

// wants says whether a deed is among those that are asked for.
func (q deedQuery) wants(d *campaign.Deed) bool {
	return (q.by == "" || d.By == q.by) && (q.about == "" || d.About == q.about) &&
		strings.Contains(strings.ToLower(d.What), strings.ToLower(q.what))
}

// listDeeds tells who did what and why, the latest first, page by page.
func (s *Server) listDeeds(w http.ResponseWriter, r *http.Request, _ Caller) error {
	q, err := readDeedQuery(r)
	if err != nil {
		return err
	}
	answer := DeedList{Deeds: []campaign.Deed{}}
	if s.journal != nil {
		if answer, err = s.deeds(r.Context(), q); err != nil {
			return err
		}
	}
	return reply(w, http.StatusOK, answer)
}

// step is how many deeds to read at a time.
func (q deedQuery) step() int {
	if q.by+q.about+q.what == "" {
		return q.limit
	}
	return mostDeeds
}

// deeds looks through the journal, which is bounded, until the page is full.
func (s *Server) deeds(ctx context.Context, q deedQuery) (DeedList, error) {
	list := DeedList{Deeds: []campaign.Deed{}}
	for before := q.before; ; {
		found, err := s.journal.Deeds(ctx, before, q.step())
		if err != nil {
			return list, err
		}
		for i := range found {
			if !q.wants(&found[i]) {
				continue
			}
			if list.Deeds = append(list.Deeds, found[i]); len(list.Deeds) == q.limit {
				list.Next = found[i].ID
				return list, nil
			}
		}
		if len(found) < q.step() {
			return list, nil
		}
		before = found[len(found)-1].ID
	}
}
