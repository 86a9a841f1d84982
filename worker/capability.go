package worker

import (
	"context"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

const (
	// checkWithin bounds how long a send waits to hear whether its person can be reached.
	// After it, it goes as if nobody had been asked.
	checkWithin = 2 * time.Second
	// checksAtOnce is how many questions of a lane are on their way in one process.
	checksAtOnce = 4
)

// check is one person's question, and where its sender waits.
type check struct {
	to     campaign.Destination
	answer chan bool // buffered; closed without a value: it is not clear
}

// checks are a lane's questions whether people can be reached, for legs that want to know.
// Senders wait for them in their own handlers, of which a lane has twice as many as
// requests. Up to ten people go into one question, which takes one slot of the lane, for
// it counts at the provider as a send does.
type checks struct {
	*lane
	mu      sync.Mutex
	waiting []check
	busy    int
}

// incapable says whether the provider says clearly that the person cannot be reached on
// the leg's channel, and then sends the message to its next leg, without a claim. What is
// not clear, or not told in time, is sent as usual.
func (l *lane) incapable(ctx context.Context, job fallback.Job, r *fallback.Record, leg campaign.Leg) (bool, error) {
	if !leg.Capability || l.Checker == nil {
		return false, nil
	}
	capable, known, err := l.worker.Ledger.Capability(ctx, l.Lane.Lane, r.To)
	if err != nil {
		return false, err
	}
	if !known && l.Pacer.Refusal(ratelimit.Scope{}) == nil { // while it is held nothing is sent either
		capable, known = l.checks.ask(ctx, r.To)
	}
	if capable || !known {
		return false, nil
	}
	l.record(ctx, job, r, fallback.Event{Kind: fallback.OnRefused, Attempt: job.Attempt, Mark: job.Ticket, Reason: provider.ReasonIncapable})
	return true, nil
}

func (c *checks) ask(ctx context.Context, to campaign.Destination) (capable, clear bool) {
	ctx, done := context.WithTimeout(ctx, checkWithin)
	defer done()
	q := check{to, make(chan bool, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, q)
	if c.busy < checksAtOnce {
		c.busy++
		c.worker.busy.Go(c.work)
	}
	c.mu.Unlock()
	select {
	case capable, clear = <-q.answer:
	case <-ctx.Done():
	}
	return capable, clear
}

// work asks until nobody waits.
func (c *checks) work() {
	for next := c.take(); len(next) > 0; next = c.take() {
		c.put(next)
	}
}

func (c *checks) take() (next []check) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.waiting), provider.MaxCapability)
	next, c.waiting = c.waiting[:n:n], c.waiting[n:]
	if n == 0 {
		c.waiting = nil
		c.busy--
	}
	return next
}

// put asks one question, and tells each sender what is clear.
func (c *checks) put(next []check) {
	ctx, done := context.WithTimeout(context.Background(), checkWithin)
	defer done()
	people := make([]campaign.Destination, len(next))
	for i, q := range next {
		people[i] = q.to
	}
	var slot *ratelimit.Slot
	clear, outcome := c.Checker.Capable(ctx, c.Channel, people, func() (err error) {
		slot, err = c.turn(ctx)
		return err
	})
	if slot != nil {
		c.Pacer.Done(*slot, ratelimit.Result{Kind: ratelimit.Neutral}) // a 429 here is of the question's own limit
	}
	if outcome.Kind != provider.Accepted {
		c.worker.Log.Debug("it is not told who can be reached: all are sent to", "lane", c.Lane.Lane, "outcome", outcome.Kind.String(), "reason", outcome.Reason)
	}
	for _, q := range next {
		if capable, said := clear[q.to]; said {
			q.answer <- capable
		}
		close(q.answer)
	}
	if err := c.worker.Ledger.NoteCapability(ctx, c.Lane.Lane, clear); err != nil {
		c.worker.Log.Warn("who can be reached is not kept, and will be asked again", "lane", c.Lane.Lane, "error", err)
	}
}
