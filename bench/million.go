package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// receiptAfter is how long after its request the provider reports a message delivered.
const receiptAfter = time.Second

// million takes a million people from their file to all closed: one process of Cascade
// with all roles, Redis and the provider on one machine. It draws the curve.
func million(ctx context.Context, l *lab) (table, error) {
	const name = "Cascade, one process"
	n := l.sized(1_000_000)
	f, curve, err := runMillion(ctx, l, n)
	if err != nil {
		return table{}, err
	}
	if err := os.WriteFile(l.drawing, []byte(curve.draw(fmt.Sprintf("%d people, from their file to all closed", n))), 0o644); err != nil {
		return table{}, err
	}
	t := table{rows: []row{{name, []figures{f}}}, columns: []column{{"people", "people", 0}, {"imported", "imported in, s", 1}, {"closed", "all closed after, s", 0}, {"rate", "closed /s", 0},
		{"lag", "receipts' lag: p99 of the median second, ms", 0}, {"worst", "of the worst, ms", 0}, {"redis", "Redis at most, MB", 0}, {"memory", "Cascade at most, MB", 0}, {"lost", "lost", 0}, {"twice", "twice", 0}}}
	t.goal(f["lost"]+f["twice"] == 0, "none lost and none twice by the provider's log: %.0f and %.0f", f["lost"], f["twice"])
	t.notes = append(t.notes, fmt.Sprintf("![rate, memory and lag over the run](%s)", filepath.Base(l.drawing)))
	return t, nil
}

func runMillion(ctx context.Context, l *lab, n int) (figures, *curve, error) {
	listen, err := freeAddr()
	if err != nil {
		return nil, nil, err
	}
	d, err := l.deploy(ctx, plainRedis, site{listen: listen}, "-log", "-callbacks", "http://"+listen+"/callbacks/qlara/"+secret, "-after", receiptAfter.String())
	if err != nil {
		return nil, nil, err
	}
	defer d.close()
	p, err := d.serve(ctx, "api,scheduler,worker")
	if err != nil {
		return nil, nil, err
	}
	file, err := l.file("people.csv", crowd{n: n})
	if err != nil {
		return nil, nil, err
	}
	c := &curve{deployment: d, process: p, number: d.store.IDKey().Number("bench"), began: time.Now()}
	sampling, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); c.sample(sampling) }()
	f, err := d.upload(ctx, p, crowd{n: n}, file)
	if err == nil {
		_, err = d.client.Start(ctx, "bench", "")
	}
	if err == nil {
		f, err = c.closed(ctx, n, f["seconds"])
	}
	stop()
	<-done
	if err != nil {
		return nil, nil, err
	}
	log, err := d.sink.log()
	distinct := log.distinct()
	f["lost"], f["twice"] = float64(n-distinct), float64(len(log)-distinct)
	c.sum(f)
	return f, c, err
}

// closed waits until every message is delivered.
func (c *curve) closed(ctx context.Context, n int, imported float64) (figures, error) {
	err := until(ctx, "all messages to be delivered", 30*time.Minute, func() (bool, error) {
		select {
		case <-time.After(100 * time.Millisecond): // to ask less often
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
		counts, _, err := c.store.Counts(ctx, c.number)
		if other := counts.Phase(fallback.Failed) + counts.Phase(fallback.Unknown); other > 0 {
			err = errors.Join(err, fmt.Errorf("%d messages failed or are unknown", other))
		}
		return counts.Phase(fallback.Delivered) == n, err
	})
	took := time.Since(c.began).Seconds()
	return figures{"people": float64(n), "imported": imported, "closed": took, "rate": float64(n) / (took - imported)}, err
}
