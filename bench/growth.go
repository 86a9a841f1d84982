package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"time"
)

// growth measures what one message more costs in time and memory as a campaign grows,
// and what sending one costs beside so many.
func growth(ctx context.Context, l *lab) (table, error) {
	sizes := []int{10_000, 100_000, 1_000_000, 3_000_000}
	t := table{columns: []column{{"seconds", "imported in, s", 2}, {"micros", "µs for each more", 2}, {"bytes", "B for each more", 0},
		{"peak", "loader, MB at most", 0}, {"rate", "then sent /s", 0}, {"cpu", "worker, scheduler and Redis, µs each", 0}}}
	t.rows = make([]row, len(sizes))
	for range l.runs {
		before := figures{}
		for i, size := range sizes {
			f, err := runGrowth(ctx, l, l.sized(size))
			if err != nil {
				return t, fmt.Errorf("%d people: %w", l.sized(size), err)
			}
			f["micros"] = 1e6 * (f["seconds"] - before["seconds"]) / (f["n"] - before["n"])
			f["bytes"] = (f["all"] - before["all"]) / (f["n"] - before["n"])
			t.rows[i].name, t.rows[i].runs = fmt.Sprint(l.sized(size)), append(t.rows[i].runs, f)
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
	server, s, err := l.stage(ctx, plainRedis)
	if err != nil {
		return nil, err
	}
	defer s.process.kill()
	defer server.close()
	h, err := l.house(ctx, server, site{provider: s.url})
	if err != nil {
		return nil, err
	}
	defer h.close()
	api, err := l.serve(ctx, h, "api", h.config, "api")
	if err != nil {
		return nil, err
	}
	defer api.kill()
	if _, err := l.file("people.csv", crowd{n: n}); err != nil {
		return nil, err
	}
	empty := server.memory(ctx)
	f, err := h.upload(ctx, api, server, crowd{n: n}, filepath.Join(l.dir, "people.csv"))
	if err != nil {
		return nil, err
	}
	f["all"], f["n"] = server.memory(ctx)-empty, float64(n)
	delete(f, "rate")
	delete(f, "redis")
	return f, h.sendSome(ctx, l, server, s, min(n, l.sized(30_000)), f)
}

// sendSome starts the campaign and watches the first few of its requests.
func (h *house) sendSome(ctx context.Context, l *lab, server *server, s *sink, some int, f figures) error {
	if err := h.store.Start(ctx, "bench", "bench"); err != nil {
		return err
	}
	worker, err := l.serve(ctx, h, "worker", h.config, "worker")
	if err != nil {
		return err
	}
	defer worker.kill()
	scheduler, err := l.serve(ctx, h, "scheduler", h.config, "scheduler")
	if err != nil {
		return err
	}
	defer scheduler.kill()
	all := []*process{worker, scheduler, server.process}
	at := func(n int) (cpu time.Duration, requests int64, err error) {
		err = until(ctx, fmt.Sprint(n, " requests"), 2*time.Minute, func() (bool, error) {
			seen, err := s.seen()
			requests = seen.Requests
			return requests >= int64(n), err
		})
		for _, c := range used(all) {
			cpu += c
		}
		return cpu, requests, err
	}
	cpu, first, err := at(some / 10) // by then everything has warmed up
	began := time.Now()
	if err != nil {
		return err
	}
	after, last, err := at(some)
	f["rate"] = float64(last-first) / time.Since(began).Seconds()
	f["cpu"] = float64((after - cpu).Microseconds()) / float64(last-first)
	return err
}
