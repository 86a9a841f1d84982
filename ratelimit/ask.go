package ratelimit

import (
	"context"
	"time"
)

// ask books slots for a group's callers and hands them out.
func (p *Pacer) ask(ctx context.Context, g *group) error {
	r := p.request(g)
	if r.waiting == 0 {
		return nil
	}
	asked := p.limiter.now()
	booked, err := p.limiter.book(ctx, r)
	heard := p.limiter.now()

	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		g.passed += r.uncounted
		return err
	}
	p.clock.observe(asked, heard, booked.now)
	g.asked = asked
	p.handOut(g, booked, heard)
	return nil
}

func (p *Pacer) request(g *group) request {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(g.callers)
	want := min(n+g.expected(p.limiter.now()), g.scopes.lot())
	r := request{scopes: g.scopes, want: want, waiting: n, uncounted: g.passed}
	g.passed = 0
	return r
}

// handOut gives the slots to the callers, and sends those away for whom it will take
// too long. The lock is held.
func (p *Pacer) handOut(g *group, booked grant, heard time.Time) {
	slots := p.slots(g, booked, heard)
	obstacle := booked.obstacle
	if len(booked.slots) > 0 && len(slots) == 0 {
		obstacle = Obstacle{Cause: TooSlow, Kind: p.lane.Kind, Name: p.lane.Name}
	}
	unused := g.serve(slots)
	for range len(booked.slots) - len(slots) + len(unused) {
		p.settle(booked.blocks, false)
	}
	g.keep(nil, time.Time{})
	if len(slots) > 0 && len(booked.blocks) == 0 && g.scopes.spacing() > 0 {
		g.keep(unused, slots[len(slots)-1].void.Add(-toClaim))
	}
	g.dismiss(heard, booked.again, obstacle)
	g.plan(p.clock.latest(booked.now), booked.again, obstacle)
}

// slots maps what was booked to the local clock, without what came too late. A group
// that nothing limits is open for a while: its slots are not places in a window. Nothing
// starts after the lease's end, for then a hold may stand of which nobody here knows.
func (p *Pacer) slots(g *group, booked grant, heard time.Time) []Slot {
	open := g.scopes.spacing() == 0 && len(booked.blocks) == 0 && len(booked.slots) > 0 && len(p.outbox.holds) == 0
	if open {
		g.open = p.clock.earliest(booked.now.Add(lease - slack))
		open = heard.Before(g.open)
	}
	end := p.clock.earliest(booked.now.Add(lease))
	slots := make([]Slot, 0, len(booked.slots))
	for _, at := range booked.slots {
		s := p.pass(heard)
		if open {
			s.void = g.open.Add(slack)
		} else {
			s.Start, s.void, s.blocks = p.clock.latest(at), earlier(p.clock.earliest(at).Add(slack), end), booked.blocks
		}
		if heard.Before(s.void) && s.Start.Before(s.void) {
			slots = append(slots, s)
		}
	}
	return slots
}

// pass is a slot that begins now.
func (p *Pacer) pass(now time.Time) Slot {
	return Slot{Start: now, void: now.Add(slack), counter: p.breaker.counter(), pacer: p}
}
