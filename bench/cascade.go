package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
)

// queueAll puts the jobs of all that is due on the queues, as the scheduler does, but
// without its look-ahead's bound: a worker is to be measured, not who feeds it. The
// scheduler then goes on until the end, for what the worker gives back.
func (h *house) queueAll(ctx context.Context, n int) (end func(), err error) {
	o := scheduler.Options{Name: "bench", Ledger: h.store, Door: h.door,
		Depths: func(_ context.Context, lanes []campaign.Lane) ([]int, error) { return make([]int, len(lanes)), nil },
		Wait: func(_ context.Context, turns []scheduler.Turn) ([]time.Duration, error) {
			return make([]time.Duration, len(turns)), nil
		},
	}
	for _, l := range h.lanes {
		o.Lanes = append(o.Lanes, scheduler.Lane{Lane: l.Lane, Ahead: n})
	}
	s := scheduler.New(o)
	if _, err := s.Round(ctx); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	wait.Go(func() { _ = s.Run(ctx) })
	return func() { stop(); wait.Wait() }, nil
}

// sendConcurrency is how many requests Cascade has at work, over all its workers: the more
// there are, the more share a call to Redis, until their memory costs as much.
const sendConcurrency = 256

// runCascade sends n messages with some worker processes. Afterwards look, if there is
// one, is shown the sink.
func runCascade(ctx context.Context, l *lab, t terms, n, workers int, look func(*sink) error, sinkArgs ...string) (figures, error) {
	d, err := l.deploy(ctx, t, site{concurrency: sendConcurrency / workers}, sinkArgs...)
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := d.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return nil, err
	}
	end, err := d.queueAll(ctx, n)
	if err != nil {
		return nil, err
	}
	defer end()
	w := &watcher{sink: d.sink, server: d.server}
	if err := w.begin(ctx); err != nil {
		return nil, err
	}
	for i := range workers {
		p, err := d.serveAs(ctx, fmt.Sprint("worker-", i), d.config, "worker")
		if err != nil {
			return nil, err
		}
		w.workers = append(w.workers, p)
	}
	f, err := w.end(ctx, n, func() (bool, error) {
		counts, _, err := d.store.Counts(ctx, c.Number)
		if err != nil || counts.Phase(fallback.Waiting) < n {
			return false, err
		}
		return d.server.idle(ctx, d.lanes[0].Lane.String())
	})
	if err == nil && look != nil {
		err = look(d.sink)
	}
	return f, err
}
