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
	server, s, err := l.stage(ctx, plainRedis, "-log")
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	defer server.close()
	h, err := l.house(ctx, server, site{provider: s.url, limits: fmt.Sprintf("%d/1s", 2*rate)})
	if err != nil {
		return nil, err
	}
	defer h.close()
	c, err := h.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return nil, err
	}
	ids, err := h.accepted(ctx, c, n)
	if err != nil {
		return nil, err
	}
	serve, err := l.serve(ctx, h, "serve", h.config, "api,scheduler")
	if err != nil {
		return nil, err
	}
	defer serve.kill()
	worker, err := l.serve(ctx, h, "worker", h.config, "worker")
	if err != nil {
		return nil, err
	}
	defer worker.kill()
	if err := sleep(ctx, l.span(5*time.Second)); err != nil { // one of them takes the lease, and a start is over
		return nil, err
	}
	all := []*process{serve, worker, server.process}
	before := used(all)
	load, err := l.load(h.callbacks(), undeliverable, ids, rate)
	if err != nil {
		return nil, err
	}
	cpu := used(all)
	err = until(ctx, "the next channel's requests", time.Minute, func() (bool, error) {
		seen, err := s.seen()
		return seen.Requests >= int64(n), err
	})
	if err != nil {
		return nil, err
	}
	seen, err := s.seen()
	if err != nil {
		return nil, err
	}
	log, err := s.log()
	if err != nil {
		return nil, err
	}
	took, err := between(load.sent, log.leg(1))
	seconds := float64(n) / load.Rate
	return figures{"rate": load.Rate, "answer": load.P99, "p50": ms(quantile(took, 0.5)), "p99": ms(quantile(took, 0.99)), "max": ms(quantile(took, 1)),
		"serve": (cpu[0] - before[0]).Seconds() / seconds, "worker": (cpu[1] - before[1]).Seconds() / seconds, "redis": (cpu[2] - before[2]).Seconds() / seconds,
		"stall": ms(seen.Stall)}, err
}

// used is the CPU of each process so far.
func used(all []*process) []time.Duration {
	cpu := make([]time.Duration, len(all))
	for i, p := range all {
		cpu[i] = p.cpu()
	}
	return cpu
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
