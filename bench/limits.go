package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// uneven is how many requests each of four workers has at work at most. With a provider
// that takes 10 ms, the last can do 128 times as much as the first.
var uneven = []int{1, 8, 32, 128}

const providerTakes = "10ms"

// limits measures four worker processes of uneven strength under one limit: what the
// provider saw in any second, how much of the limit was used, and what the pace costs.
func limits(ctx context.Context, l *lab) (table, error) {
	const paced, free = "1000/s, due one by one", "no limit, due one by one"
	rows, err := l.inTurn(ctx,
		side{"80/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 80) }},
		side{"1000/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 1000) }},
		side{"5000/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 5000) }},
		side{paced, func(ctx context.Context) (figures, error) { return runPace(ctx, l, "1000/1s") }},
		side{free, func(ctx context.Context) (figures, error) { return runPace(ctx, l, "") }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, columns: []column{{"rate", "requests/s", 1}, {"used", "of the limit, %", 1}, {"worst", "most in any 1 s", 0}, {"tenth", "in any 100 ms", 0},
		{"share", "of the busiest worker, %", 0}, {"calls", "pacing calls/s", 1}, {"workers", "workers, cores", 2}, {"redis", "Redis, cores", 2}, {"stall", "machine stood still, ms", 1}}}
	for name, n := range map[string]float64{"80/s": 80, "1000/s": 1000, "5000/s": 5000} {
		worst, used := t.most(name, "worst"), t.figure(name, "used")
		t.goal(worst <= n, "%s: never more in any sliding second: %.0f at most", name, worst)
		t.goal(used >= 95, "%s: at least 95 %% of it is used: %.1f %%", name, used)
	}
	calls := t.figure("1000/s", "calls")
	t.goal(calls < 40, "the pace of 1000/s costs Redis less than 40 calls a second: %.1f", calls)
	cost := t.figure(paced, "workers") + t.figure(paced, "redis") - t.figure(free, "workers") - t.figure(free, "redis")
	t.goal(cost < 0.1, "and less than 0.1 cores, workers and Redis against a lane without a limit at the same rate: %.2f", cost)
	return t, nil
}

// crew is four uneven workers, who speak to Redis through a way that counts their
// calls for slots.
type crew struct {
	workers []*process
	paces   *counter
	end     func()
}

func (l *lab) crew(ctx context.Context, h *house, server *server, at site) (*crew, error) {
	c := &crew{paces: &counter{word: []byte("cascade:{pace}:lane:qlara.whatsapp:state")}}
	through, end, err := longWay(server.near, 0, c.paces)
	if err != nil {
		return nil, err
	}
	c.end = func() { stopAll(c.workers); end() }
	for i, n := range uneven {
		own := at
		own.concurrency = n
		file, err := l.configure(fmt.Sprintf("worker-%d.yaml", i), through, own)
		if err == nil {
			var p *process
			if p, err = l.serve(ctx, h, fmt.Sprint("worker-", i), file, "worker"); err == nil {
				c.workers = append(c.workers, p)
			}
		}
		if err != nil {
			c.end()
			return nil, err
		}
	}
	return c, nil
}

// underLimit is a deployment with a crew, and people who may or may not be due.
func (l *lab) underLimit(ctx context.Context, limit string, people crowd, f func(*server, *sink, *house, *crew) (figures, error)) (figures, error) {
	server, s, err := l.stage(ctx, plainRedis, "-log", "-delay", providerTakes)
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	defer server.close()
	at := site{provider: s.url, limits: limit}
	h, err := l.house(ctx, server, at)
	if err != nil {
		return nil, err
	}
	defer h.close()
	scheduler, err := l.serve(ctx, h, "scheduler", h.config, "scheduler")
	if err != nil {
		return nil, err
	}
	defer scheduler.kill()
	c, err := l.crew(ctx, h, server, at)
	if err != nil {
		return nil, err
	}
	defer c.end()
	if _, err := h.fill(ctx, people, true); err != nil {
		return nil, err
	}
	return f(server, s, h, c)
}

// runLimit sends from a backlog that does not end, for a minute.
func runLimit(ctx context.Context, l *lab, n int) (figures, error) {
	long := l.span(time.Minute)
	people := crowd{n: int(float64(n) * (long.Seconds() + 10))}
	return l.underLimit(ctx, fmt.Sprintf("%d/1s", n), people, func(server *server, s *sink, h *house, c *crew) (figures, error) {
		f, log, err := c.watch(ctx, server, s, long)
		if err != nil {
			return nil, err
		}
		if len(log) >= people.n {
			return nil, errors.New("the backlog ended before the time did: nothing was measured")
		}
		f["worst"], f["tenth"] = float64(log.worst(time.Second)), float64(log.worst(100*time.Millisecond))
		f["used"] = 100 * f["rate"] / float64(n)
		return f, nil
	})
}

// runPace sends people who are due one after the other, 950 a second.
func runPace(ctx context.Context, l *lab, limit string) (figures, error) {
	const rate = 950
	long := l.span(30 * time.Second)
	first := time.Now().Add(8 * time.Second).Truncate(time.Second) // everything has started by then
	people := crowd{n: int(rate * (long.Seconds() + 5)), due: func(i int) time.Time { return first.Add(time.Duration(i) * time.Second / rate) }}
	return l.underLimit(ctx, limit, people, func(server *server, s *sink, h *house, c *crew) (figures, error) {
		f, _, err := c.watch(ctx, server, s, long)
		return f, err
	})
}

// watch takes the figures of so long, from shortly after the first request on.
func (c *crew) watch(ctx context.Context, server *server, s *sink, long time.Duration) (figures, journal, error) {
	err := until(ctx, "the first request", time.Minute, func() (bool, error) {
		seen, err := s.seen()
		return seen.Requests > 0, err
	})
	if err == nil {
		err = sleep(ctx, 2*time.Second)
	}
	if err != nil {
		return nil, nil, err
	}
	before, redis, calls, first := used(c.workers), server.cpu(), c.paces.n.Load(), time.Now()
	if err := sleep(ctx, long); err != nil {
		return nil, nil, err
	}
	last, after := time.Now(), used(c.workers)
	took := last.Sub(first).Seconds()
	f := figures{"redis": (server.cpu() - redis).Seconds() / took, "calls": float64(c.paces.n.Load()-calls) / took}
	busiest := 0.0
	for i := range after {
		cores := (after[i] - before[i]).Seconds() / took
		f["workers"], busiest = f["workers"]+cores, max(busiest, cores)
	}
	f["share"] = 100 * busiest / f["workers"]
	log, err := s.log()
	if err != nil {
		return nil, nil, err
	}
	seen, err := s.seen()
	f["stall"], f["rate"] = ms(seen.Stall), float64(len(log.within(first, last)))/took
	return f, log, err
}
