package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// limits measures four worker processes of uneven strength under one limit: what the
// provider saw in any second, how much of the limit was used, and what the pace costs.
func limits(ctx context.Context, l *lab) (table, error) {
	const paced, free, alone = "1000/s, due one by one", "no limit, due one by one", "1000/s, nothing but the pace"
	rows, err := l.inTurn(ctx,
		side{"80/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 80) }},
		side{"1000/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 1000) }},
		side{"5000/s", func(ctx context.Context) (figures, error) { return runLimit(ctx, l, 5000) }},
		side{paced, func(ctx context.Context) (figures, error) { return runPace(ctx, l, "1000/1s") }},
		side{free, func(ctx context.Context) (figures, error) { return runPace(ctx, l, "") }},
		side{alone, func(ctx context.Context) (figures, error) { return runPaceAlone(ctx, l, 1000) }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, columns: []column{{"rate", "requests/s", 1}, {"used", "of the limit, %", 1}, {"worst", "most in any 1 s", 0}, {"judged", "of the windows, %", 0}, {"raw", "with those in which the machine stood still", 0},
		{"share", "of the busiest worker, %", 0}, {"calls", "pacing calls/s", 1}, {"workers", "workers, cores", 2}, {"redis", "Redis, cores", 2}, {"stall", "machine stood still, ms", 1}}}
	for _, n := range []float64{80, 1000, 5000} {
		name := fmt.Sprintf("%.0f/s", n)
		worst, used := t.most(name, "worst"), t.figure(name, "used")
		t.goal(worst > 0 && worst <= n, "%s: never more in any sliding second in which the machine did not stand still: %.0f at most", name, worst)
		t.goal(used >= 95, "%s: at least 95 %% of it is used: %.1f %%", name, used)
	}
	calls := t.figure("1000/s", "calls")
	t.goal(calls < 40, "the pace of 1000/s costs Redis less than 40 calls a second: %.1f", calls)
	cost := t.figure(alone, "workers") + t.figure(alone, "redis")
	t.goal(cost < 0.1, "and less than 0.1 cores, Redis and four workers that do nothing else: %.2f", cost)
	more := t.figure(paced, "workers") + t.figure(paced, "redis") - t.figure(free, "workers") - t.figure(free, "redis")
	t.notes = append(t.notes, fmt.Sprintf("A lane with that limit takes %.2f cores more than one without at the same rate: requests that are spaced evenly cannot travel together.", more))
	return t, nil
}

// runLimit sends from a backlog that does not end, for a minute.
func runLimit(ctx context.Context, l *lab, n int) (figures, error) {
	long := l.span(time.Minute)
	people := crowd{n: int(float64(n) * (long.Seconds() + 10))}
	return l.underLimit(ctx, fmt.Sprintf("%d/1s", n), people, func(c *crew) (figures, error) {
		f, log, err := c.watch(ctx, long)
		if err != nil {
			return nil, err
		}
		if len(log) >= people.n {
			return nil, errors.New("the backlog ended before the time did: nothing was measured")
		}
		stalls, err := c.sink.stalls()
		most, share := log.undisturbed(time.Second, stalls)
		f["worst"], f["judged"], f["raw"] = float64(most), 100*share, float64(log.worst(time.Second))
		f["used"] = 100 * f["rate"] / float64(n)
		return f, err
	})
}

// runPace sends people who are due one after the other, 950 a second.
func runPace(ctx context.Context, l *lab, limit string) (figures, error) {
	const rate = 950
	long := l.span(30 * time.Second)
	first := time.Now().Add(8 * time.Second).Truncate(time.Second) // everything has started by then
	people := crowd{n: int(rate * (long.Seconds() + 5)), due: func(i int) time.Time { return first.Add(time.Duration(i) * time.Second / rate) }}
	return l.underLimit(ctx, limit, people, func(c *crew) (figures, error) {
		f, _, err := c.watch(ctx, long)
		return f, err
	})
}
