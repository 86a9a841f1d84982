package worker

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// askWithin bounds a question, with the wait for its turn.
const askWithin = 10 * time.Second

// ask asks about some attempts in one request, and records what it hears. It gives back
// what is to be asked again: all, after the wait, if there was no slot; each by itself,
// what an answer about several left out.
func (d *desk) ask(questions []question) (again []question, wait time.Duration) {
	if err := d.Pacer.Refusal(ratelimit.Scope{}); err != nil {
		return questions, far(err)
	}
	ctx, done := context.WithTimeout(d.quit, askWithin)
	defer done()
	about := make([]campaign.AttemptID, len(questions))
	for i, q := range questions {
		about[i] = q.job.Attempt
	}
	var slot *ratelimit.Slot
	var refusal error
	found := d.Asker.Ask(ctx, d.Channel, about, func() error {
		slot, refusal = d.turn(ctx)
		return refusal
	})
	switch {
	case refusal != nil:
		return questions, far(refusal)
	case slot == nil: // no connection: the clock asks again
		d.complain(found.Outcome)
		return nil, 0
	}
	d.Pacer.Done(*slot, heard(found.Outcome))
	return d.hearAll(ctx, questions, found), 0
}

// far is how long to wait for what there is no slot for now.
func far(refusal error) time.Duration {
	if long := (*ratelimit.WaitError)(nil); errors.As(refusal, &long) {
		return long.Wait
	}
	return 0
}

// turn takes a slot of the lane and its account, for a question counts at the provider
// as a send does. A campaign's own limits are of its sends.
func (l *lane) turn(ctx context.Context) (*ratelimit.Slot, error) {
	for {
		slot, err := l.Pacer.Turn(ctx, ratelimit.Scope{})
		if err != nil {
			return nil, err
		}
		if err = slot.Wait(ctx); err == nil {
			return &slot, nil
		}
		l.Pacer.Done(slot, ratelimit.Result{Kind: ratelimit.Neutral})
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
			"lane", d.Lane.Lane, "outcome", o.Kind.String(), "reason", o.Reason)
	})
}
