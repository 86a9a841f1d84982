package main

import (
	"context"
	"fmt"
	"time"
)

// The rate at which messages come due one after the other, and the limit under which
// many go out that are due at once.
const (
	dueRate   = 500
	dueLimit  = 2000
	dueCrowd  = 100_000
	dueSample = 15_000
)

// alarms measures with a million messages in line and on the clock: how late a request
// is that is due by itself, and how a hundred thousand go out that are due in one second.
func alarms(ctx context.Context, l *lab) (table, error) {
	const single, many = "one after the other, 500/s", "all in the same second, limit 2000/s"
	t := table{rows: []row{{name: single}, {name: many}}, columns: []column{
		{"messages", "messages", 0}, {"standing", "in line and on the clock", 0}, {"p50", "late: p50, ms", 1}, {"p99", "p99, ms", 1}, {"max", "max, ms", 1},
		{"used", "of the limit, %", 1}, {"worst", "most in 1 s", 0}, {"least", "least in a whole second", 0}, {"tenth", "most in 100 ms", 0},
		{"scheduler", "scheduler, cores", 2}, {"redis", "Redis, cores", 2}, {"stall", "machine stood still, ms", 1}}}
	for range l.runs {
		one, all, err := runAlarms(ctx, l)
		if err != nil {
			return t, err
		}
		t.rows[0].runs, t.rows[1].runs = append(t.rows[0].runs, one), append(t.rows[1].runs, all)
	}
	p99, worst, least, used := t.figure(single, "p99"), t.figure(many, "worst"), t.figure(many, "least"), t.figure(many, "used")
	t.goal(p99 < 250, "99 of 100 requests at most 250 ms after their time: %.1f ms", p99)
	t.goal(worst > 0 && worst <= dueLimit && used >= 95, "who is due at once goes out at the limit: %.1f %% of it, at most %.0f in any second, where the machine did not stand still", used, worst)
	t.goal(least >= 0.9*dueLimit, "and evenly, no second below 90 %% of the limit: %.0f", least)
	return t, nil
}

func runAlarms(ctx context.Context, l *lab) (one, all figures, err error) {
	d, err := l.deploy(ctx, plainRedis, site{limits: fmt.Sprintf("%d/1s", dueLimit)}, "-log")
	if err != nil {
		return nil, nil, err
	}
	defer d.close()
	standing := l.sized(1_000_000)
	if err := d.stand(ctx, standing); err != nil {
		return nil, nil, err
	}
	if err := d.server.settled(ctx); err != nil {
		return nil, nil, err
	}
	for _, role := range []string{"scheduler", "worker"} {
		if _, err := d.serve(ctx, role); err != nil {
			return nil, nil, err
		}
	}
	if one, err = d.comeDue(ctx, crowd{id: "single", n: l.sized(dueSample)}, time.Second/dueRate); err != nil {
		return nil, nil, err
	}
	if all, err = d.comeDue(ctx, crowd{id: "many", n: l.sized(dueCrowd)}, 0); err != nil {
		return nil, nil, err
	}
	one["standing"], all["standing"] = float64(standing), float64(standing)
	return one, all, nil
}

// stand puts n messages where they wait for a day: half in line, half on the clock.
func (h *house) stand(ctx context.Context, n int) error {
	now := time.Now()
	c, err := h.fill(ctx, crowd{n: n, id: "standing", due: func(i int) time.Time {
		return now.Add(time.Duration(i%2) * 24 * time.Hour)
	}}, true)
	if err != nil {
		return err
	}
	_, err = h.accepted(ctx, c, (n+1)/2)
	return err
}
