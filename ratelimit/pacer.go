package ratelimit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// The reasons of holds that a pacer orders.
const (
	ReasonThrottled = "429"
	ReasonSick      = "breaker"
)

// Pacer paces one lane in one process. It is safe for concurrent use, and has nothing
// running while nobody waits and nothing is to be written.
type Pacer struct {
	limiter       *Limiter
	lane, account Scope
	starts        *rate.Limiter
	breaker       *breaker
	wake          chan struct{}
	clock         clock // used by work only

	mu       sync.Mutex
	groups   []*group // in turns: the one that was asked for last stands last
	outbox   outbox
	flushers []chan struct{} // to be closed when everything is written
	working  bool
}

// Pacer makes the pacer of a lane and its account.
func (l *Limiter) Pacer(lane, account Scope) *Pacer {
	p := &Pacer{limiter: l, lane: lane, account: account, wake: make(chan struct{}, 1)}
	// The slots keep the pace. This only keeps apart what a stall has pushed together.
	pace := 2 * scopes{lane, account}.perSecond()
	p.starts = rate.NewLimiter(rate.Limit(min(pace, float64(rate.Inf))), 1)
	p.breaker = newBreaker(p.trip)
	return p
}

// Turn waits for the caller's turn, and returns its slot up to 41 ms before it begins,
// so that a claim can be made meanwhile. Then Slot.Wait, and Slot.Check at the first
// byte; after ErrStale, Done and another Turn. To each slot belongs one Done.
//
// If the turn is more than about two seconds away, the error is a *WaitError. While
// Redis is away Turn waits until ctx ends. A campaign without limits may be the zero
// Scope.
func (p *Pacer) Turn(ctx context.Context, campaign Scope) (Slot, error) {
	if err := ctx.Err(); err != nil {
		return Slot{}, fmt.Errorf("wait for a turn in %s: %w", p.lane, err)
	}
	now := p.limiter.now()
	p.mu.Lock()
	g := p.group(campaign)
	if open, err := g.enter(now); open || err != nil {
		slot := p.pass(now)
		slot.void = g.open.Add(slack)
		p.mu.Unlock()
		return slot, err
	}
	if slot, ok := g.arrive(now); ok {
		p.mu.Unlock()
		return slot, nil
	}
	c := &caller{came: now, answer: make(chan answer, 1)}
	g.callers = append(g.callers, c)
	if n := len(g.callers); n == 1 || n == crowd {
		p.start()
	}
	p.mu.Unlock()

	select {
	case a := <-c.answer:
		return a.slot, a.err
	case <-ctx.Done():
		p.leave(g, c)
		return Slot{}, fmt.Errorf("wait for a turn in %s: %w", p.lane, ctx.Err())
	}
}

// group finds or makes the group of a campaign. Making one forgets those that have
// been idle. The lock is held.
func (p *Pacer) group(campaign Scope) *group {
	ss := together(p.lane, p.account, campaign)
	narrowest := ss[len(ss)-1]
	for _, g := range p.groups {
		if g.scopes[len(g.scopes)-1].is(narrowest) {
			g.scopes = ss // its limits may have changed
			return g
		}
	}
	now := p.limiter.now()
	p.groups = slices.DeleteFunc(p.groups, func(g *group) bool {
		return len(g.callers) == 0 && now.Sub(g.asked) > patience
	})
	g := &group{scopes: ss}
	p.groups = append(p.groups, g)
	return g
}

// leave takes back the wish of a caller. A slot that was just given to it is unused.
func (p *Pacer) leave(g *group, c *caller) {
	p.mu.Lock()
	waiting := g.leave(c)
	if len(g.callers) == 0 && p.working {
		p.start() // to end it, if this was all
	}
	p.mu.Unlock()
	if waiting {
		return
	}
	if a := <-c.answer; a.err == nil {
		p.Done(a.slot, Result{Kind: Neutral})
	}
}

// Done says what became of a slot's request. It returns at once; holds and reports
// that follow from it are written before anything more is booked.
func (p *Pacer) Done(s Slot, r Result) {
	gentle := len(s.blocks) > 0
	if r.Kind == OK || r.Kind == Fault && !gentle {
		count(s.counter, r.Kind == Fault)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case r.Kind == Throttled && r.Account:
		p.hold(hold{scope: p.account, span: r.RetryAfter, steps: throttled, reason: ReasonThrottled})
	case r.Kind == Throttled:
		p.hold(hold{scope: p.lane, span: r.RetryAfter, steps: throttled, reason: ReasonThrottled})
	case r.Kind == Fault && gentle:
		p.hold(hold{scope: p.lane, steps: sick, reason: ReasonSick})
	}
	p.settle(s.blocks, r.Kind == OK)
}

// Refusal is the *WaitError that Turn would answer now without asking, or nil: somebody
// was told a moment ago that the next slot is far away.
func (p *Pacer) Refusal(campaign Scope) error {
	now := p.limiter.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if g := p.group(campaign); now.Before(g.shut) {
		refusal := g.refusal
		return &refusal
	}
	return nil
}

// Fault counts a fault of the provider that came before any slot was taken: its address
// cannot be reached.
func (p *Pacer) Fault() { count(p.breaker.counter(), true) }

// trip is the breaker's only word: the lane is sick.
func (p *Pacer) trip() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold(hold{scope: p.lane, steps: sick, reason: ReasonSick})
}

// hold orders a hold, and closes what is open. The lock is held.
func (p *Pacer) hold(h hold) {
	p.outbox.hold(h)
	for _, g := range p.groups {
		g.open = time.Time{}
		g.keep(nil, time.Time{})
	}
	p.start()
}

// settle notes a slot's result for the gentle starts that wait for it. The lock is held.
func (p *Pacer) settle(blocks []block, ok bool) {
	for _, b := range blocks {
		p.outbox.count(b, ok)
	}
	if len(blocks) > 0 {
		p.start()
	}
}

// Flush waits until the holds and reports of all results so far are written.
func (p *Pacer) Flush(ctx context.Context) error {
	written := make(chan struct{})
	p.mu.Lock()
	p.flushers = append(p.flushers, written)
	p.start()
	p.mu.Unlock()
	select {
	case <-written:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("write holds and reports of %s: %w", p.lane, ctx.Err())
	}
}
