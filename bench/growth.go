package main

import (
	"context"
	"fmt"
	"math"
	"time"
)

// growth measures what one message more costs in time and memory as a campaign grows,
// and what sending one costs beside so many.
func growth(ctx context.Context, l *lab) (table, error) {
	sizes := []int{10_000, 100_000, 1_000_000, 3_000_000}
	t := table{columns: []column{{"seconds", "imported in, s", 2}, {"micros", "µs for each more", 2}, {"loader", "of the loader's CPU", 2}, {"redis", "of Redis'", 2},
		{"bytes", "B for each more", 0}, {"peak", "loader, MB at most", 0}, {"rate", "then sent /s", 0}, {"cpu", "worker, scheduler and Redis, µs each", 0}}}
	t.rows = make([]row, len(sizes))
	for range l.runs {
		before := figures{}
		for i, size := range sizes {
			f, err := runGrowth(ctx, l, l.sized(size))
			if err != nil {
				return t, fmt.Errorf("%d people: %w", l.sized(size), err)
			}
			more := figures{"seconds": f["seconds"], "peak": f["peak"], "rate": f["rate"], "cpu": f["cpu"]}
			each := func(name string) float64 { return (f[name] - before[name]) / (f["n"] - before["n"]) }
			more["micros"], more["loader"], more["redis"], more["bytes"] = 1e6*each("seconds"), 1e6*each("loader"), 1e6*each("redis"), each("all")
			t.rows[i].name, t.rows[i].runs = fmt.Sprint(l.sized(size)), append(t.rows[i].runs, more)
			before = f
		}
	}
	for _, about := range []struct{ name, what string }{
		{"micros", "the time to import one more"}, {"bytes", "the memory of one more"}, {"cpu", "the CPU to send one"},
	} {
		low, high := math.Inf(1), 0.0
		for _, r := range t.rows[2:] { // the slopes from 100,000 up
			low, high = min(low, t.figure(r.name, about.name)), max(high, t.figure(r.name, about.name))
		}
		t.goal(high <= 1.15*low, "%s is flat within 15 %% from %s people up: %.1f to %.1f", about.what, t.rows[1].name, low, high)
	}
	return t, nil
}

func runGrowth(ctx context.Context, l *lab, n int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{})
	if err != nil {
		return nil, err
	}
	defer d.close()
	api, err := d.serve(ctx, "api")
	if err != nil {
		return nil, err
	}
	file, err := l.file("people.csv", crowd{n: n})
	if err != nil {
		return nil, err
	}
	empty := d.server.memory(ctx)
	up, err := d.upload(ctx, api, crowd{n: n}, file)
	if err != nil {
		return nil, err
	}
	f := figures{"n": float64(n), "seconds": up["seconds"], "peak": up["peak"],
		"loader": up["loader"] * up["seconds"], "redis": up["redis"] * up["seconds"], "all": d.server.memory(ctx) - empty}
	return f, d.sendSome(ctx, min(n, l.sized(30_000)), f)
}

// sendSome starts the campaign and watches the first few of its requests.
func (d *deployment) sendSome(ctx context.Context, some int, f figures) error {
	if _, err := d.client.Start(ctx, "bench", ""); err != nil {
		return err
	}
	if err := d.server.settled(ctx); err != nil {
		return err
	}
	var all []*process
	for _, role := range []string{"worker", "scheduler"} {
		p, err := d.serve(ctx, role)
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	all = append(all, d.server.process)
	first, err := d.requested(ctx, some/10, time.Minute) // by then everything has warmed up
	if err != nil {
		return err
	}
	before, began := used(all...), time.Now()
	last, err := d.requested(ctx, some, 2*time.Minute)
	took, sent := time.Since(began), float64(last.Requests-first.Requests)
	f["rate"] = sent / took.Seconds()
	for _, cores := range since(before, took, all...) {
		f["cpu"] += cores * 1e6 / f["rate"]
	}
	return err
}
