package worker

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// askWithin bounds a question, with the wait for its turn.
const askWithin = 10 * time.Second

// ask asks about some attempts in one request, and records what it hears. It gives back
// those that an answer about several left out, though it could be read.
func (d *desk) ask(questions []question) (left []question) {
	if d.quit.Err() != nil || d.Pacer.Refusal(ratelimit.Scope{}) != nil {
		return nil // the clock will ask again
	}
	ctx, done := context.WithTimeout(d.quit, askWithin)
	defer done()
	about := make([]campaign.AttemptID, len(questions))
	for i, q := range questions {
		about[i] = q.job.Attempt
	}
	var slot *ratelimit.Slot
	found := d.Asker.Ask(ctx, d.Channel, about, func() (err error) {
		slot, err = d.turn(ctx)
		return err
	})
	if slot == nil {
		return nil // it was not asked
	}
	d.Pacer.Done(*slot, heard(found.Outcome))
	readable := found.Outcome.Kind == provider.Accepted
	if !readable {
		d.complain(found.Outcome)
	}
	for _, q := range questions {
		events, told := answer(q, found)
		if !told && readable && len(questions) > 1 {
			left = append(left, q)
			continue
		}
		d.hear(ctx, q, events)
	}
	return left
}

// turn takes a slot of the lane and its account, for a question counts at the provider
// as a send does. A campaign's own limits are of its sends.
func (d *desk) turn(ctx context.Context) (*ratelimit.Slot, error) {
	for {
		slot, err := d.Pacer.Turn(ctx, ratelimit.Scope{})
		if err != nil {
			return nil, err
		}
		if err = slot.Wait(ctx); err == nil {
			return &slot, nil
		}
		d.Pacer.Done(slot, ratelimit.Result{Kind: ratelimit.Neutral})
		if !errors.Is(err, ratelimit.ErrStale) {
			return nil, err
		}
	}
}

// heard is what the lane is told of a question: a 429 holds it, for the limit is one.
// All else says nothing of sending, which may work though asking does not.
func heard(o provider.Outcome) ratelimit.Result {
	if o.Throttled {
		return result(o)
	}
	return ratelimit.Result{Kind: ratelimit.Neutral}
}

// complain tells the log, and nobody else: that a provider cannot be asked, or not by
// this key, is no reason to stop sending.
func (d *desk) complain(o provider.Outcome) {
	d.complaint.Do(func() {
		d.worker.Log.Warn("the provider does not say what became of requests: receipts and the campaign's policy decide until it does",
			"lane", d.Lane.Lane, "outcome", o.Kind, "reason", o.Reason)
	})
}

// answer is what was said of one attempt. A word that nobody defined says nothing.
func answer(q question, found provider.Findings) (events []fallback.Event, told bool) {
	for _, r := range found.News {
		if r.Attempt != q.job.Attempt {
			continue
		}
		told = true
		if e, ok := fallback.Receipt(r); ok {
			e.Asked = true
			events = append(events, e)
		}
	}
	for _, id := range found.Missing {
		if id == q.job.Attempt {
			told = true
			events = append(events, fallback.Event{Kind: fallback.OnMissing, Attempt: id, Mark: q.job.Ticket, Asked: true})
		}
	}
	return events, told
}

// hear records what was said of an attempt. Where the leg's wait is over, an answer that
// does not settle it rings the alarm, which else would ring a little later: judged, as
// alarms are, against the record that the question was asked of.
func (d *desk) hear(ctx context.Context, q question, events []fallback.Event) {
	if q.job.Last && !settled(q, events) {
		events = append(events, fallback.Event{Kind: fallback.OnAlarm})
	}
	if len(events) == 0 {
		return
	}
	orders := make([]fallback.Order, len(events))
	for i, e := range events {
		orders[i] = fallback.Order{ID: q.record.ID, Event: e, Known: &q.record}
	}
	d.insist(ctx, "record what the provider says of attempt "+q.job.Attempt.String(), func(ctx context.Context) error {
		results, err := d.worker.Door.Advance(ctx, d.worker.Now(), orders...)
		for _, r := range results {
			if !fallback.Absent(r.Err) && !errors.Is(r.Err, fallback.ErrStale) {
				err = errors.Join(err, r.Err)
			}
		}
		return err
	})
}

// settled says whether what was said ends the wait, or begins that for a receipt.
func settled(q question, events []fallback.Event) bool {
	for _, e := range events {
		switch e.Kind {
		case fallback.OnDelivered, fallback.OnRead, fallback.OnUndelivered:
			return true
		case fallback.OnSent:
			return q.record.State.Phase == fallback.Unknown
		}
	}
	return false
}
