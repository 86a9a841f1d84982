package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// draftSample is of how many people a check shows what they would get.
const draftSample = 5

// checkDraft judges every row of a draft's file, as an import would, and keeps what was
// found.
func (s *Server) checkDraft(ctx context.Context, d *campaign.Draft) error {
	if d.File == nil {
		return nil
	}
	leave, err := s.checks.take(ctx)
	if err != nil {
		return err
	}
	defer leave()
	check := campaign.DraftCheck{At: s.now().UTC()}
	var refused *campaign.FileError
	check.Validation, err = campaign.Validate(s.drafts.DraftFile(ctx, *d), d.Campaign, campaign.ValidateOptions{Reader: s.draftReader(d), Sample: draftSample})
	switch {
	case errors.As(err, &refused):
		check.Validation = campaign.NewValidation()
		for _, p := range refused.Problems {
			check.Refused = append(check.Refused, lineOf(p))
		}
		if facts, err := campaign.Look(s.drafts.DraftFile(ctx, *d), d.Campaign); err == nil {
			check.File = &facts
		}
	case err != nil:
		return err
	}
	limits, err := s.limits(ctx)
	if err != nil {
		return err
	}
	check.Pace = d.Campaign.Pace(check.Accepted, limits)
	d.Check = &check
	return s.drafts.KeepDraftCheck(ctx, *d, check)
}

func lineOf(p campaign.Problem) string {
	if p.Line == 0 {
		return p.Text
	}
	return fmt.Sprintf("line %d: %s", p.Line, p.Text)
}

func (s *Server) draftReader(d *campaign.Draft) campaign.ReaderOptions {
	return campaign.ReaderOptions{Name: d.File.Name, Now: s.now()}
}

// limits gives what is configured for a lane and its account.
func (s *Server) limits(ctx context.Context) (func(campaign.Lane) []campaign.Limit, error) {
	lanes, err := s.lanes.Lanes(ctx)
	if err != nil {
		return nil, err
	}
	byLane := map[string][]campaign.Limit{}
	for _, l := range lanes {
		for _, text := range append(append([]string{}, l.Limits...), l.AccountLimits...) {
			if limit, err := campaign.ParseLimit(text); err == nil { // a lane writes what it was configured with
				byLane[l.Name] = append(byLane[l.Name], limit)
			}
		}
	}
	return func(l campaign.Lane) []campaign.Limit { return byLane[l.String()] }, nil
}

// showDraftRejects gives the rows that an import would reject, all of them, as a file that
// can be mended.
func (s *Server) showDraftRejects(w http.ResponseWriter, r *http.Request, by Caller) error {
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	if d.File == nil {
		return notFound.because("the draft has no file of recipients")
	}
	untimed(w)
	leave, err := s.checks.take(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	w = Steady(w)
	var out *campaign.RejectsWriter
	_, err = campaign.Validate(s.drafts.DraftFile(r.Context(), d), d.Campaign, campaign.ValidateOptions{
		Reader: s.draftReader(&d),
		Begun: func(f campaign.Facts) (err error) {
			attach(w, "text/csv; charset=utf-8; header=present", d.Campaign.ID+"-rejects.csv")
			out, err = campaign.NewRejectsWriter(w, f.Header, f.Delimiter)
			return err
		},
		Rejected: func(j campaign.Reject) error { return out.Write(j) },
	})
	if err != nil {
		return err
	}
	return out.Flush()
}
