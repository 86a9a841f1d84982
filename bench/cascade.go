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

// serve starts a process of Cascade with some roles. One that has the API is waited
// for.
func (l *lab) serve(ctx context.Context, h *house, name, config, roles string) (*process, error) {
	p, err := l.start(name, l.binary, nil, "serve", "--config", config, "--roles", roles)
	if err != nil || roles != "" && roles[0] != 'a' {
		return p, err
	}
	return p, until(ctx, "the API to answer", 20*time.Second, func() (bool, error) {
		err := h.get(ctx, "/readyz", nil)
		return err == nil, err
	})
}

// runCascade sends n messages with some worker processes. Afterwards look, if there is
// one, is shown the sink.
func runCascade(ctx context.Context, l *lab, t terms, n, workers int, look func(*sink) error, sinkArgs ...string) (figures, error) {
	server, s, err := l.stage(ctx, t, sinkArgs...)
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
	c, err := h.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return nil, err
	}
	end, err := h.queueAll(ctx, n)
	if err != nil {
		return nil, err
	}
	defer end()
	w := &watcher{sink: s, server: server}
	w.begin(ctx)
	for i := range workers {
		p, err := l.serve(ctx, h, fmt.Sprint("cascade-", i), h.config, "worker")
		if err != nil {
			return nil, err
		}
		w.workers = append(w.workers, p)
	}
	f, err := w.end(ctx, n, func() (bool, error) {
		counts, _, err := h.store.Counts(ctx, c.Number)
		if err != nil || counts.Phase(fallback.Waiting) < n {
			return false, err
		}
		return server.idle(ctx, h.lanes[0].Lane.String())
	})
	if err == nil && look != nil {
		err = look(s)
	}
	return f, err
}
