package worker

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// How long after the beginning of its claim call a request may start, and must have
// ended. The first is what the answer to a pause promises; the second leaves a third of
// the claim's 30 s, which Redis counts, to clocks that differ.
const (
	startsWithin = 100 * time.Millisecond
	requestEnds  = 20 * time.Second
)

// permit is what lets one request start: a slot, and then a claim. It is asked when the
// connection stands (see provider.Gate), so that neither grows old while one is made.
type permit struct {
	lane     *lane
	ctx      context.Context // of the job
	job      fallback.Job
	campaign *campaign.Campaign
	record   fallback.Record // as it was read; then the claim's
	end      func()          // ends the request

	slot    ratelimit.Slot
	booked  bool // there is a slot whose result is to be told
	claimed bool
	refusal error       // of the slot or of the claim
	timer   *time.Timer // until the request must have ended
	started time.Time   // when the request was let go; zero: it was not
}

// errNoClaim says that the message is in other hands, or may not go now. What is to be
// told for that has been told.
var errNoClaim = errors.New("no claim")

// errTooOld says that too much time has passed since the claim was asked for.
var errTooOld = errors.New("the claim is too old to start a request")

// ask is the gate.
func (p *permit) ask() error {
	p.refusal = p.get()
	return p.refusal
}

func (p *permit) get() error {
	if err := p.turn(p.ctx); err != nil {
		return err
	}
	begun := p.lane.worker.Now()
	if !p.claim(begun) {
		return errNoClaim
	}
	p.lane.worker.At(Claimed)
	if err := p.wait(begun); err != nil {
		return err
	}
	now := p.lane.worker.Now()
	if elapsed(begun, now) > startsWithin {
		return errTooOld
	}
	if err := p.slot.Check(now); err != nil {
		return err
	}
	p.timer = time.AfterFunc(requestEnds-elapsed(begun, now), p.end)
	p.started = now
	return nil
}

func (p *permit) turn(ctx context.Context) (err error) {
	scope := ratelimit.Campaign(p.job.Attempt.Message().Number(), p.campaign.Throttle...)
	p.slot, err = p.lane.Pacer.Turn(ctx, scope)
	p.booked = err == nil
	return err
}

// wait waits for the slot's start. If the claim took longer than the slot lasts, it
// takes another turn, as long as the claim may still start a request.
func (p *permit) wait(begun time.Time) error {
	ctx, done := context.WithDeadline(p.ctx, begun.Add(startsWithin*3/4))
	defer done()
	err := p.slot.Wait(ctx)
	for errors.Is(err, ratelimit.ErrStale) && elapsed(begun, p.lane.worker.Now()) < startsWithin/2 {
		p.settle(ratelimit.Result{Kind: ratelimit.Neutral})
		if err = p.turn(ctx); err == nil {
			err = p.slot.Wait(ctx)
		}
	}
	return err
}

// settle tells the lane what became of the slot.
func (p *permit) settle(r ratelimit.Result) {
	if p.booked {
		p.lane.Pacer.Done(p.slot, r)
		p.booked = false
	}
}

// measure tells how long the request took, if it was let go.
func (p *permit) measure() {
	if p.lane.Took != nil && !p.started.IsZero() {
		p.lane.Took.Observe(p.lane.worker.Now().Sub(p.started).Seconds())
	}
}

// claim makes the claim durable, or records why there is none.
func (p *permit) claim(now time.Time) bool {
	e := fallback.Event{Kind: fallback.OnClaim, Attempt: p.job.Attempt, Mark: p.job.Ticket}
	r := p.lane.advance(p.ctx, now, e, &p.record)
	if errors.Is(r.Err, fallback.ErrStale) { // something was noted since it was read; the ticket tells whether it is still ours
		r = p.lane.advance(p.ctx, now, e, nil)
	}
	switch {
	case r.Err == nil:
		p.record, p.claimed = r.After, r.Moved()
		return p.claimed
	case errors.Is(r.Err, fallback.ErrStale), errors.Is(r.Err, fallback.ErrNoMessage), errors.Is(r.Err, fallback.ErrNoAttempt):
		return false
	case errors.Is(r.Err, fallback.ErrCancelled):
		e.Kind = fallback.OnCancel
	case errors.Is(r.Err, fallback.ErrTooLate):
		e.Kind = fallback.Outlived(p.campaign, &r.Before, now)
		e.At = now.Add(time.Second) // clocks differ: its window may seem open here
	default: // paused; or the ledger is away, and the claim may or may not have been saved
		e.Kind = fallback.OnPostponed
	}
	claimed := e
	claimed.Mark = r.After.State.Ticket
	p.lane.record(p.ctx, p.job, nil, e, claimed)
	return false
}

// elapsed believes the larger of monotonic and wall time, for a suspended machine's
// monotonic clock stands still.
func elapsed(since, now time.Time) time.Duration {
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}
