package worker

import (
	"context"
	"errors"
	"fmt"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// lane is one lane at work.
type lane struct {
	worker *Worker
	Lane
	requests chan struct{} // holds one for each request at the provider
	checks   *checks
}

// handle is the asynq handler: read, connect, slot, claim, send, outcome. It returns an
// error only when the ledger could not be reached before anything was claimed.
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
	records, err := l.worker.Ledger.Load(ctx, []campaign.MessageID{job.Attempt.Message()})
	if err != nil {
		return err
	}
	r := records[0]
	if r.State.Phase != fallback.Queued || r.State.Ticket != job.Ticket {
		return nil // the job is old, and the message in other hands
	}
	attempt, ok, err := l.prepare(ctx, job, c, &r)
	if err != nil || !ok {
		return err
	}
	l.send(ctx, job, c, r, attempt)
	return nil
}

// prepare builds the attempt. ok is false when there is nothing to send, which it has
// recorded then.
func (l *lane) prepare(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record) (a campaign.Attempt, ok bool, err error) {
	suppressed, err := l.worker.Ledger.Suppressed(ctx, r.To)
	if err != nil {
		return a, false, err
	}
	if suppressed[0] {
		l.record(ctx, job, r, fallback.Event{Kind: fallback.OnOptOut, Attempt: job.Attempt})
		return a, false, nil
	}
	names, err := l.worker.Ledger.Names(ctx, job.Attempt.Message().Number())
	if err != nil {
		return a, false, err
	}
	variables := make(campaign.Variables, len(names))
	for i, name := range names {
		if i < len(r.Variables) {
			variables[name] = r.Variables[i]
		}
	}
	if a, err = c.Attempt(job.Attempt, r.To, variables); err != nil {
		l.worker.Log.Error("message cannot be built", "message", r.ID, "error", err)
		l.record(ctx, job, r, fallback.Event{Kind: fallback.OnInvalid, Attempt: job.Attempt, Mark: job.Ticket, Reason: "message cannot be built"})
		return a, false, nil
	}
	closed, err := l.unanswerable(ctx, job, r, a)
	if err == nil && !closed {
		closed, err = l.enough(ctx, job, c, r)
	}
	if err == nil && !closed {
		closed, err = l.incapable(ctx, job, r, c.Route[job.Attempt.Leg()])
	}
	return a, !closed, err
}

// send makes the one request of a job, and records what came of it. The lane is told
// first, for a hold must not wait for a ledger that is away.
func (l *lane) send(ctx context.Context, job fallback.Job, c *campaign.Campaign, r fallback.Record, a campaign.Attempt) {
	if err := l.Pacer.Refusal(ratelimit.Campaign(a.ID.Message().Number(), c.Throttle...)); err != nil {
		l.giveBack(ctx, job, err)
		return
	}
	request, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	p := &permit{lane: l, ctx: ctx, job: job, campaign: c, record: r, end: end}
	l.requests <- struct{}{}
	outcome := l.Sender.Send(request, a, p.ask)
	<-l.requests
	p.measure()
	if p.timer != nil {
		p.timer.Stop()
	}
	switch {
	case p.claimed:
		l.worker.At(Answered)
		p.settle(sent(p.refusal, outcome))
		l.settle(ctx, job, &p.record, p.record.State.Ticket, outcome)
	case p.refusal != nil:
		p.settle(ratelimit.Result{Kind: ratelimit.Neutral})
		if !errors.Is(p.refusal, errNoClaim) {
			l.giveBack(ctx, job, p.refusal)
		}
	default: // it never came to a claim: no connection, or nothing that can be sent
		if outcome.Fault {
			l.Pacer.Fault()
		}
		l.settle(ctx, job, &r, job.Ticket, outcome)
	}
}

// sent is the lane's result of a claim: nothing, if the request was never started.
func sent(refusal error, o provider.Outcome) ratelimit.Result {
	if refusal != nil {
		return ratelimit.Result{Kind: ratelimit.Neutral}
	}
	return result(o)
}

// giveBack returns a message to its line that is told to wait too long for a slot.
func (l *lane) giveBack(ctx context.Context, job fallback.Job, err error) {
	e := fallback.Event{Kind: fallback.OnPostponed, Attempt: job.Attempt, Mark: job.Ticket}
	var long *ratelimit.WaitError
	if errors.As(err, &long) && long.Wait < ratelimit.Forever {
		e.At = l.worker.Now().Add(long.Wait)
	}
	l.record(ctx, job, nil, e)
}
