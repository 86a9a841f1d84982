package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// escalate measures from the post of a receipt that says undeliverable to the next
// channel's request at the provider, at 1,000 receipts a second.
func escalate(ctx context.Context, l *lab) (table, error) {
	const name = "Cascade"
	rows, err := l.inTurn(ctx, side{name, func(ctx context.Context) (figures, error) { return runEscalate(ctx, l, 1000, l.sized(30_000)) }})
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, columns: []column{{"rate", "receipts/s", 0}, {"p50", "to the next request: p50, ms", 1}, {"p99", "p99, ms", 1}, {"max", "max, ms", 1},
		{"answer", "to the answer: p99, ms", 1}, {"serve", "API and scheduler, cores", 2}, {"worker", "worker, cores", 2}, {"redis", "Redis, cores", 2}, {"stall", "machine stood still, ms", 1}}}
	p50, p99 := t.figure(name, "p50"), t.figure(name, "p99")
	t.goal(p50 < 50, "half of them within 50 ms: %.1f ms", p50)
	t.goal(p99 < 250, "99 of 100 within 250 ms: %.1f ms", p99)
	return t, nil
}

func runEscalate(ctx context.Context, l *lab, rate, n int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{limits: fmt.Sprintf("%d/1s", 2*rate)}, "-log")
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := d.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return nil, err
	}
	ids, err := d.accepted(ctx, c, n)
	if err != nil {
		return nil, err
	}
	for _, roles := range []string{"api,scheduler", "worker"} {
		if _, err := d.serve(ctx, roles); err != nil {
			return nil, err
		}
	}
	if err := sleep(ctx, l.span(5*time.Second)); err != nil { // one of them takes the lease, and a start is over
		return nil, err
	}
	if err := d.server.settled(ctx); err != nil {
		return nil, err
	}
	all := append(d.processes, d.server.process)
	before := used(all...)
	load, err := l.load(d.callbacks(), undeliverable, ids, rate)
	if err != nil {
		return nil, err
	}
	cores := since(before, time.Duration(float64(n)/load.Rate*float64(time.Second)), all...)
	seen, err := d.requested(ctx, n, time.Minute)
	if err != nil {
		return nil, err
	}
	log, err := d.sink.log()
	if err != nil {
		return nil, err
	}
	took, err := between(load.sent, log.leg(1))
	return figures{"rate": load.Rate, "answer": load.P99, "p50": ms(quantile(took, 0.5)), "p99": ms(quantile(took, 0.99)), "max": ms(quantile(took, 1)),
		"serve": cores[0], "worker": cores[1], "redis": cores[2], "stall": ms(seen.Stall)}, err
}

// between is how long it was from each message's first entry to its second, sorted.
func between(from, to journal) ([]time.Duration, error) {
	began := make(map[campaign.MessageID]int64, len(from))
	for _, r := range from {
		began[r.attempt.Message()] = r.at
	}
	took := make([]time.Duration, 0, len(to))
	for _, r := range to {
		at, found := began[r.attempt.Message()]
		if !found {
			return nil, fmt.Errorf("a request of message %s, of which nothing was told", r.attempt.Message())
		}
		took = append(took, time.Duration(r.at-at)*time.Microsecond)
		delete(began, r.attempt.Message())
	}
	if len(began) > 0 {
		return nil, fmt.Errorf("%d of %d messages have no request", len(began), len(from))
	}
	slices.Sort(took)
	return took, nil
}
