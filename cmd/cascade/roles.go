package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// role is what a process may be.
type role string

// The roles.
const (
	apiRole       role = "api"
	workerRole    role = "worker"
	schedulerRole role = "scheduler"
)

var allRoles = []role{apiRole, schedulerRole, workerRole}

// parseRoles reads "api,worker"; nothing is all of them.
func parseRoles(list []string) ([]role, error) {
	if len(list) == 0 {
		return allRoles, nil
	}
	var roles []role
	for _, name := range list {
		r := role(strings.TrimSpace(name))
		if !slices.Contains(allRoles, r) {
			return nil, fmt.Errorf("unknown role %q: use api, worker or scheduler, separated by commas", name)
		}
		roles = append(roles, r)
	}
	return roles, nil
}

// live runs the parts of a process until ctx ends or one of them does. The worker
// drains first, while the others still serve it.
func (h *house) live(ctx context.Context, roles []role, listening func(addr string)) error {
	parts, stop := context.WithCancel(context.WithoutCancel(ctx))
	var wait sync.WaitGroup
	defer func() { stop(); wait.Wait() }() // on every way out: the parts must not outlive the house
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	run := func(part func(context.Context) error) {
		wait.Go(func() {
			if err := part(parts); err != nil {
				fail(err)
			}
		})
	}
	run(func(ctx context.Context) error { h.bell.Run(ctx); return nil })
	run(func(ctx context.Context) error { h.store.Follow(ctx); return nil })
	if slices.Contains(roles, apiRole) {
		serve, err := h.listen(listening)
		if err != nil {
			return err
		}
		run(serve)
	}
	if h.config.MetricsListen != "" {
		serve, err := h.listenForWatchers(func() bool { return ctx.Err() != nil })
		if err != nil {
			return err
		}
		run(serve)
	} else if !slices.Contains(roles, apiRole) {
		h.log.Info("nobody can watch this process: metrics_listen, or CASCADE_METRICS_LISTEN, opens a listener for /metrics, /livez and /readyz")
	}
	if slices.Contains(roles, apiRole) { // before any alarm is judged, lest our own absence seem to last
		if err := h.hearing.Flush(ctx, true); err != nil {
			return err
		}
	}
	run(func(ctx context.Context) error {
		return h.hearing.Run(ctx, slices.Contains(roles, apiRole), slices.Contains(roles, schedulerRole))
	})
	if slices.Contains(roles, schedulerRole) {
		run(h.newScheduler().Run)
		if len(h.config.Webhooks) > 0 {
			run(h.newPost().Run)
		}
	}
	drain, inHand := func() {}, func() int { return 0 }
	if slices.Contains(roles, workerRole) {
		w := h.newWorker()
		if err := w.Start(); err != nil {
			return fmt.Errorf("start the workers: %w", err)
		}
		drain, inHand = func() { h.queue.Release(); w.Drain() }, w.InHand
	}
	run(h.presence(roles, inHand, ctx.Done()))
	<-ctx.Done()
	if slices.Contains(roles, workerRole) {
		h.log.Info("draining: requests in hand end within 20 s; interrupt again to stop at once")
	}
	drain()
	stop()
	wait.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
