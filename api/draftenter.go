package api

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// enterDraft enters the draft's campaign and takes its file's recipients into it. It goes on
// also where nobody waits for the answer any more; what it was kept from is done by the same
// call again, which takes nobody twice.
func (s *Server) enterDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	var order EnterOrder
	if err := decode(r, &order, `{"file": "…", "checked_at": "2026-12-01T09:00:00Z", "accepted": 5000, "reason": "…"}`); err != nil {
		return err
	}
	by.because(order.Reason)
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	if d.File == nil {
		return conflict.because("the draft has no file of recipients: upload one first")
	}
	if !order.shows(d) {
		return changed.because("somebody changed the draft's file or its campaign after you looked at it: look at what was found now, and enter that. Nothing was done")
	}
	c, err := campaign.ParseFile("campaign", d.Campaign.Canonical(), s.configured) // the configuration may have changed
	if err != nil {
		return err
	}
	untimed(w)
	ctx := context.WithoutCancel(r.Context())
	rows, err := campaign.NewReader(s.drafts.DraftFile(ctx, d), c, s.draftReader(&d))
	if err != nil {
		return err
	}
	if _, err := s.campaigns.Create(ctx, c); err != nil {
		return err
	}
	report, err := s.campaigns.Import(ctx, c.ID, rows)
	if by.touched(report.Accepted); err != nil {
		return err
	}
	if err := s.drafts.DropDraft(ctx, d.ID); err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/campaigns/"+url.PathEscape(c.ID))
	return reply(w, http.StatusOK, report)
}

// shows says whether this is the draft that was shown. What is entered is what was read.
func (o EnterOrder) shows(d campaign.Draft) bool {
	if o.File != "" && o.File != d.File.Key {
		return false
	}
	if o.CheckedAt == nil && o.Accepted == nil {
		return true
	}
	return d.Check != nil && (o.CheckedAt == nil || o.CheckedAt.Equal(d.Check.At)) && (o.Accepted == nil || *o.Accepted == d.Check.Accepted)
}

// testFor is how long what became of a test is kept.
const testFor = 72 * time.Hour

// testDraft sends what the first accepted row says to a number of one's own. It goes through
// the same door as every message, into a campaign of its own that is named after the
// draft's, so that the draft's people stay the only ones in its books.
func (s *Server) testDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	var order PersonOrder
	if err := decode(r, &order, `{"destination": "+39…", "reason": "…"}`); err != nil {
		return err
	}
	by.because(order.Reason)
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	if d.File == nil {
		return conflict.because("the draft has no file of recipients, whose first row a test bears")
	}
	row, err := s.firstRow(r.Context(), &d)
	if err != nil {
		return err
	}
	c := trial(d.Campaign)
	if order.Region != "" {
		c.Recipients.Region = order.Region
	}
	by.about(c.ID)
	if _, err := s.campaigns.Create(r.Context(), c); err != nil {
		return err
	}
	if err := s.campaigns.Start(r.Context(), c.ID, by.Name); err != nil {
		return err
	}
	results, err := s.campaigns.Add(r.Context(), []campaign.Message{{
		Campaign: c.ID, Destination: order.Destination, Key: rand.Text(), Variables: row.Variables,
	}})
	if err != nil {
		return err
	}
	if results[0].Result != campaign.Accepted || results[0].ID == nil {
		return invalidBody.because(results[0].Text)
	}
	return reply(w, http.StatusOK, campaign.DraftTest{Campaign: c.ID, Message: *results[0].ID, Line: int(row.Row.Line)})
}

// trial is the campaign of a draft's tests. Another content has another name.
func trial(c campaign.Campaign) campaign.Campaign {
	t := campaign.Campaign{
		ID: "test-" + c.Digest()[:8] + "-of-" + c.ID, Standing: true, Route: c.Route, Recipients: c.Recipients,
		OnUnknown: c.OnUnknown, RetryWithin: c.RetryWithin, Retention: testFor,
	}
	if runes := []rune(t.ID); len(runes) > campaign.MaxIDLength {
		t.ID = string(runes[:campaign.MaxIDLength])
	}
	return t
}

// firstRow is the first row that an import would accept.
func (s *Server) firstRow(ctx context.Context, d *campaign.Draft) (campaign.Recipient, error) {
	rows, err := campaign.NewReader(s.drafts.DraftFile(ctx, *d), d.Campaign, s.draftReader(d))
	for err == nil {
		var found campaign.Recipient
		var reject *campaign.Reject
		if found, reject, err = rows.Next(); err == nil && reject == nil {
			return found, nil
		}
	}
	if errors.Is(err, io.EOF) {
		err = conflict.because("no row of the file is accepted, so there is nothing to test")
	}
	return campaign.Recipient{}, err
}
