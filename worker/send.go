package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// requestEnds is how long after the beginning of its claim call a request must have
// ended: the claim lasts 30 s by Redis' clock, and the rest is for clocks that differ.
const requestEnds = 20 * time.Second

// startsWithin is how long after the beginning of its claim call a request may start.
// It is what the answer to a pause promises.
const startsWithin = 100 * time.Millisecond

// lane is one lane at work.
type lane struct {
	worker *Worker
	Lane
}

// handle is the asynq handler: slot, claim, send, outcome. It returns an error only
// when the ledger could not be reached before anything was claimed.
func (l *lane) handle(ctx context.Context, task *asynq.Task) error {
	job, err := fallback.ParseJob(l.Lane.Lane, task.Payload())
	if err != nil {
		l.worker.Log.Error("job set aside", "lane", l.Lane.Lane, "error", err)
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	c, err := l.worker.Ledger.Campaign(ctx, job.Attempt.Message().Number())
	if errors.Is(err, fallback.ErrNoCampaign) {
		return nil // its time has ended; there is no record to move
	} else if err != nil {
		return err
	}
	slot, err := l.Pacer.Turn(ctx, ratelimit.Campaign(job.Attempt.Message().Number(), c.Throttle...))
	if err != nil {
		return l.giveBack(ctx, job, err)
	}
	l.attempt(ctx, job, c, slot)
	return nil
}

// giveBack returns a message to its line that is told to wait too long for a slot.
func (l *lane) giveBack(ctx context.Context, job fallback.Job, err error) error {
	e := fallback.Event{Kind: fallback.OnPostponed, Attempt: job.Attempt, Mark: job.Ticket}
	var long *ratelimit.WaitError
	if errors.As(err, &long) && long.Wait < ratelimit.Forever {
		e.At = l.worker.Now().Add(long.Wait)
	}
	l.record(ctx, job, nil, e)
	return nil
}

// attempt claims the message, sends it in its slot, and records what came of that. The
// lane is told first, for a hold must not wait for a ledger that is away.
func (l *lane) attempt(ctx context.Context, job fallback.Job, c *campaign.Campaign, slot ratelimit.Slot) {
	begun := l.worker.Now()
	r, ok := l.claim(ctx, job, c, begun)
	if !ok {
		l.Pacer.Done(slot, ratelimit.Result{Kind: ratelimit.Neutral})
		return
	}
	l.worker.At(Claimed)
	outcome := l.send(ctx, job, c, &r, slot, begun)
	l.worker.At(Answered)
	l.Pacer.Done(slot, result(outcome))
	l.settle(ctx, job, &r, outcome)
}

// claim makes the claim durable, or records why there is none.
func (l *lane) claim(ctx context.Context, job fallback.Job, c *campaign.Campaign, now time.Time) (fallback.Record, bool) {
	e := fallback.Event{Kind: fallback.OnClaim, Attempt: job.Attempt, Mark: job.Ticket}
	results, _ := l.worker.Door.Advance(ctx, now, fallback.Order{ID: job.Attempt.Message(), Event: e})
	r := results[0]
	switch {
	case r.Err == nil:
		return r.After, r.Moved() // not moved: the job is old, and the message in other hands
	case errors.Is(r.Err, fallback.ErrStale), errors.Is(r.Err, fallback.ErrNoMessage), errors.Is(r.Err, fallback.ErrNoAttempt):
		return r.After, false
	case errors.Is(r.Err, fallback.ErrCancelled):
		e.Kind = fallback.OnCancel
	case errors.Is(r.Err, fallback.ErrTooLate):
		e.Kind = fallback.Outlived(c, &r.Before, now)
	default: // paused; or the ledger is away, and the claim may or may not have been saved
		e.Kind = fallback.OnPostponed
	}
	claimed := e
	claimed.Mark = r.After.State.Ticket
	l.record(ctx, job, nil, e, claimed)
	return r.After, false
}

// send makes the one request of a claim.
func (l *lane) send(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record, slot ratelimit.Slot, begun time.Time) provider.Outcome {
	attempt, refusal := l.prepare(ctx, job, c, r)
	if refusal != nil {
		return *refusal
	}
	if err := slot.Wait(ctx); err != nil {
		return provider.Outcome{Kind: provider.Postponed, Reason: "slot given up"}
	}
	gate := func() error {
		now := l.worker.Now()
		if elapsed(begun, now) > startsWithin {
			return errors.New("the claim is too old to start a request")
		}
		return slot.Check(now)
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), begun.Add(requestEnds))
	defer cancel()
	return l.Sender.Send(ctx, attempt, gate)
}

// prepare builds the attempt, or says why there is none.
func (l *lane) prepare(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record) (campaign.Attempt, *provider.Outcome) {
	suppressed, err := l.worker.Ledger.Suppressed(ctx, r.To)
	if err != nil {
		return campaign.Attempt{}, &provider.Outcome{Kind: provider.Postponed, Reason: "ledger away"}
	}
	if suppressed[0] {
		return campaign.Attempt{}, &provider.Outcome{Kind: provider.OptedOut, Reason: "suppressed"}
	}
	names, err := l.worker.Ledger.Names(ctx, job.Attempt.Message().Number())
	if err != nil {
		return campaign.Attempt{}, &provider.Outcome{Kind: provider.Postponed, Reason: "ledger away"}
	}
	variables := make(campaign.Variables, len(names))
	for i, name := range names {
		if i < len(r.Variables) {
			variables[name] = r.Variables[i]
		}
	}
	attempt, err := c.Attempt(job.Attempt, r.To, variables)
	if err != nil {
		l.worker.Log.Error("message cannot be built", "message", r.ID, "error", err)
		return attempt, &provider.Outcome{Kind: provider.Refused, Reason: "message cannot be built"}
	}
	return attempt, nil
}

// elapsed believes the larger of monotonic and wall time, for a suspended machine's
// monotonic clock stands still.
func elapsed(since, now time.Time) time.Duration {
	return max(now.Sub(since), now.Round(0).Sub(since.Round(0)))
}
