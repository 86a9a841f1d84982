package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// importing measures from the first byte of a CSV to the last durable record, with the
// process that loads it and the one beside it that has Redis.
func importing(ctx context.Context, l *lab) (table, error) {
	const alone, crowded, cascade = "Enqueue, 1 goroutine", "Enqueue, 64 goroutines", "Cascade"
	all := l.sized(1_000_000)
	whole, err := l.file("people.csv", crowd{n: all})
	if err != nil {
		return table{}, err
	}
	some, err := l.file("some.csv", crowd{n: l.sized(200_000)})
	if err != nil {
		return table{}, err
	}
	rows, err := l.inTurn(ctx,
		side{alone, func(ctx context.Context) (figures, error) { return runEnqueue(ctx, l, some, l.sized(200_000), 1) }},
		side{crowded, func(ctx context.Context) (figures, error) { return runEnqueue(ctx, l, whole, all, 64) }},
		side{cascade, func(ctx context.Context) (figures, error) { return runImport(ctx, l, whole, all) }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, against: [][2]string{{cascade, alone}, {cascade, crowded}}, columns: []column{
		{"rate", "rows/s", 0}, {"loader", "loader, cores", 2}, {"redis", "Redis, cores", 2},
		{"peak", "loader, MB at most", 0}, {"bytes", "Redis, B a row", 0},
	}}
	_, ratio, _ := t.ratio(cascade, alone)
	t.goal(ratio >= 3, "at least 3 times one goroutine that enqueues without any check: %.1f times", ratio)
	peak := t.figure(cascade, "peak")
	t.goal(peak < 150, "the loading process below 150 MB: %.0f MB", peak)
	return t, nil
}

func (l *lab) file(name string, people crowd) (path string, err error) {
	path = filepath.Join(l.dir, name)
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	return path, people.write(f)
}

// loading takes the figures of one import.
type loading struct {
	server *server
	began  time.Time
	cpu    time.Duration
	memory float64
}

func (s *server) loading(ctx context.Context) loading {
	return loading{s, time.Now(), s.cpu(), s.memory(ctx)}
}

func (x loading) end(ctx context.Context, n int, loader time.Duration) figures {
	took := time.Since(x.began).Seconds()
	return figures{"rate": float64(n) / took, "loader": loader.Seconds() / took, "redis": (x.server.cpu() - x.cpu).Seconds() / took,
		"bytes": (x.server.memory(ctx) - x.memory) / float64(n), "seconds": took}
}

func runEnqueue(ctx context.Context, l *lab, file string, n, goroutines int) (figures, error) {
	server, err := l.redis(ctx, plainRedis)
	if err != nil {
		return nil, err
	}
	defer server.close()
	x := server.loading(ctx)
	p, err := l.start("enqueue", l.self, nil, childWord, "enqueue", server.addr, file, strconv.Itoa(goroutines))
	if err != nil {
		return nil, err
	}
	if _, err := p.wait(); err != nil {
		return nil, err
	}
	f := x.end(ctx, n, p.used())
	f["peak"] = p.peaked()
	if got := server.client.LLen(ctx, "asynq:{"+handQueue+"}:pending").Val(); got != int64(n) {
		return nil, fmt.Errorf("%d of %d rows are on the queue", got, n)
	}
	return f, nil
}

func runImport(ctx context.Context, l *lab, file string, n int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{provider: nobody})
	if err != nil {
		return nil, err
	}
	defer d.close()
	p, err := d.serve(ctx, "api")
	if err != nil {
		return nil, err
	}
	return d.upload(ctx, p, crowd{n: n}, file)
}

// upload takes a campaign's file in by the API.
func (d *deployment) upload(ctx context.Context, p *process, people crowd, file string) (figures, error) {
	if _, err := d.client.CreateCampaignFile(ctx, []byte(people.campaign())); err != nil {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	before, x := p.cpu(), d.server.loading(ctx)
	report, err := d.client.UploadCSV(ctx, "bench", f)
	if err != nil {
		return nil, err
	}
	found := x.end(ctx, people.n, p.cpu()-before)
	found["peak"] = p.peak()
	if report.Accepted != people.n {
		return nil, fmt.Errorf("%d of %d people were accepted: %v", report.Accepted, people.n, report.Reasons)
	}
	return found, nil
}
