package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// retriable are the phases that a retry leaves.
var retriable = []fallback.Phase{fallback.Failed, fallback.Unconfirmed, fallback.Expired}

// retryCampaign sends messages once more that came to nothing. What was delivered after
// all is never among them. A call that broke off may be repeated: what it retried is open
// again and no longer concerned.
func (s *Server) retryCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	var o RetryOrder
	if err := decode(r, &o, `{"phases": ["failed"], "reasons": ["…"], "dry_run": false, "reason": "…"}`); err != nil {
		return err
	}
	by.because(o.Reason)
	again, err := s.newRetry(o)
	if err != nil {
		return err
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if st.Summary.State == stateCancelled {
		return Conflict(fmt.Sprintf("campaign %q is cancelled, which is for ever", st.Campaign.ID))
	}
	untimed(w)
	again.campaign = st.Campaign
	if o.Expect != nil && !o.DryRun {
		would := again.asked()
		if err := would.all(r.Context(), st.Number); err != nil {
			return err
		}
		if n := would.answer.Retried; n != *o.Expect {
			return changed.because(fmt.Sprintf("it would be %d messages now, which is not what you were shown: count them again. Nothing was done", n))
		}
	}
	err = again.all(r.Context(), st.Number)
	if by.touched(again.answer.Retried); o.DryRun {
		by.none()
	}
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, again.answer)
}

// retry is one such call at work.
type retry struct {
	server   *Server
	campaign *campaign.Campaign
	phases   []fallback.Phase
	reasons  []string
	dry      bool
	began    time.Time                       // or the time it was told; what is closed later is none of its business
	seen     map[campaign.MessageID]struct{} // for the ledger may give a record twice
	orders   []fallback.Order
	answer   RetryAnswer
}

func (s *Server) newRetry(o RetryOrder) (*retry, error) {
	again := &retry{server: s, reasons: o.Reasons, dry: o.DryRun, began: s.now(), seen: map[campaign.MessageID]struct{}{}}
	if o.AsOf != nil && o.AsOf.Before(again.began) {
		again.began = *o.AsOf
	}
	again.answer.AsOf = again.began.UTC()
	wrong := invalidBody.because("")
	for i, name := range o.Phases {
		p, err := fallback.ParsePhase(name)
		if err != nil || !slices.Contains(retriable, p) {
			wrong.Faults = append(wrong.Faults, Fault{Pointer: fmt.Sprintf("#/phases/%d", i), Detail: "want failed, unconfirmed or expired"})
		}
		again.phases = append(again.phases, p)
	}
	if len(wrong.Faults) > 0 {
		return nil, wrong
	}
	if len(again.phases) == 0 {
		again.phases = retriable
	}
	return again, nil
}

// asked is the same as a dry run.
func (again *retry) asked() *retry {
	would := *again
	would.dry, would.seen = true, map[campaign.MessageID]struct{}{}
	return &would
}

// all looks at every record of a campaign.
func (again *retry) all(ctx context.Context, n campaign.Number) error {
	err := again.server.campaigns.Each(ctx, n, func(record *fallback.Record) error { return again.take(ctx, record) })
	return errors.Join(err, again.flush(ctx))
}

// retryAtOnce is how many messages go through the door together.
const retryAtOnce = 250

// take looks at a record, and tells it once enough are together.
func (again *retry) take(ctx context.Context, r *fallback.Record) error {
	if !slices.Contains(again.phases, r.State.Phase) || r.Closed.After(again.began) ||
		len(again.reasons) > 0 && !slices.Contains(again.reasons, reasonAtLast(r)) {
		return nil
	}
	if _, twice := again.seen[r.ID]; twice {
		return nil
	}
	again.seen[r.ID] = struct{}{}
	switch {
	case r.State.Marks.Has(fallback.Late):
		again.answer.Late++
	case int(r.State.Try)+1 >= campaign.MaxTries:
		again.answer.Used++
	case r.State.Marks.Has(fallback.Erased), len(r.Variables) == 0 && len(again.campaign.Route.Placeholders()) > 0:
		again.answer.Dropped++
	case again.dry:
		again.answer.Retried++
	default:
		again.orders = append(again.orders, fallback.Order{ID: r.ID, Event: fallback.Event{Kind: fallback.OnRetry}})
	}
	if len(again.orders) < retryAtOnce {
		return nil
	}
	return again.flush(ctx)
}

// flush tells them. Effects that could not be performed are healed by the line.
func (again *retry) flush(ctx context.Context) (failed error) {
	if len(again.orders) == 0 {
		return nil
	}
	results, _ := again.server.door.Advance(ctx, again.server.now(), again.orders...)
	for _, result := range results {
		switch {
		case result.Err != nil && !fallback.Absent(result.Err):
			failed = errors.Join(failed, result.Err)
		case result.Moved():
			again.answer.Retried++
		}
	}
	again.orders = again.orders[:0]
	return failed
}
