package api

import (
	"cmp"
	"context"
	"net/http"

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
		About: cmp.Or(r.PathValue("id"), r.PathValue("lane"), r.PathValue("account"), r.PathValue("webhook")),
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

// none says that nothing was done after all.
func (by Caller) none() {
	if by.deed != nil {
		by.deed.What = ""
	}
}

// journalise writes down what was done, and of what failed that a part of it was. It is
// done all the same if writing fails, and told in the log.
func (s *Server) journalise(r *http.Request, d *campaign.Deed, failed error) {
	if d.BrokeOff = failed != nil; d.What == "" || d.BrokeOff && (d.Touched == nil || *d.Touched == 0) {
		return
	}
	s.log.Info("done", "what", d.What, "about", d.About, "by", d.By, "why", d.Why, "broke_off", d.BrokeOff)
	if s.journal == nil {
		return
	}
	if err := s.journal.Note(context.WithoutCancel(r.Context()), *d); err != nil {
		s.log.Error("a deed is not in the journal", "what", d.What, "about", d.About, "by", d.By, "why", d.Why, "error", err)
	}
}
