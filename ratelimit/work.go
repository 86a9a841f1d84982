package ratelimit

import (
	"context"
	"slices"
	"time"
)

// How long to wait before Redis is tried again.
const (
	retryFirst = 50 * time.Millisecond
	retryLast  = time.Second
)

// start sees to it that somebody works, and looks again at what there is to do. The
// lock is held.
func (p *Pacer) start() {
	if !p.working {
		p.working = true
		go p.work()
		return
	}
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// work does what there is to do, one thing at a time, and ends when there is nothing.
func (p *Pacer) work() {
	retry := retryFirst
	for {
		todo, wait := p.next(p.limiter.now())
		switch {
		case todo == nil && wait == 0:
			return
		case todo == nil:
			p.doze(wait)
		default:
			retry = p.try(todo, retry)
		}
	}
}

// try does one thing. If Redis does not do its part, it waits; it gives the wait for
// the next time.
func (p *Pacer) try(todo task, retry time.Duration) time.Duration {
	ctx := context.Background()
	err := todo(ctx)
	if err == nil {
		return retryFirst
	}
	p.limiter.log.Warn("nothing is sent without Redis", "scope", p.lane.String(), "retry_in", retry, "error", err)
	_ = sleep(ctx, retry) // this context never ends
	return min(2*retry, retryLast)
}

// doze waits, or until there may be more to do.
func (p *Pacer) doze(wait time.Duration) {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-p.wake:
	}
}

// task is one thing to do.
type task func(context.Context) error

// next says what to do: write a hold, a report, or ask for the slots of a group whose
// turn it is. If there is nothing now, it says how long to wait; 0: work ends.
func (p *Pacer) next(now time.Time) (task, time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h, ok := p.outbox.takeHold(); ok {
		return p.writeHold(h), 0
	}
	if r, ok := p.outbox.takeReport(); ok {
		return p.writeReport(r), 0
	}
	for _, f := range p.flushers {
		close(f)
	}
	p.flushers = nil

	wait := time.Duration(0)
	for i, g := range p.groups {
		if len(g.callers) == 0 {
			continue
		}
		d := g.due().Sub(now)
		if d <= 0 {
			p.groups = append(slices.Delete(p.groups, i, i+1), g)
			return func(ctx context.Context) error { return p.ask(ctx, g) }, 0
		}
		if wait == 0 || d < wait {
			wait = d
		}
	}
	p.working = wait > 0
	return nil, wait
}

func (p *Pacer) writeHold(h hold) task {
	return func(ctx context.Context) error {
		err := p.limiter.hold(ctx, h)
		if err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.outbox.hold(h)
		}
		return err
	}
}

func (p *Pacer) writeReport(r report) task {
	return func(ctx context.Context) error {
		err := p.limiter.report(ctx, r)
		p.mu.Lock()
		defer p.mu.Unlock()
		if err != nil {
			p.outbox.reports = append(p.outbox.reports, r)
		}
		for _, g := range p.groups {
			g.ready = g.asked // the next block may have begun
		}
		return err
	}
}
