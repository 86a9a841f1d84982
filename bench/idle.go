package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// idle measures what processes cost while nothing is due: 20 lanes, 50 running
// campaigns, each with people in line for tomorrow and on the clock for later.
func idle(ctx context.Context, l *lab) (table, error) {
	const one, spread = "one process, all roles", "three processes, a role each"
	rows, err := l.inTurn(ctx,
		side{one, func(ctx context.Context) (figures, error) { return runIdle(ctx, l, "api,scheduler,worker") }},
		side{spread, func(ctx context.Context) (figures, error) { return runIdle(ctx, l, "api", "scheduler", "worker") }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, columns: []column{{"cpu", "busiest process, % of a core", 2}, {"all", "all of them, %", 2}, {"redis", "Redis, %", 2},
		{"calls", "calls to Redis /s", 0}, {"commands", "commands /s, with those in scripts", 0}, {"memory", "largest process, MB", 0}}}
	for _, name := range []string{one, spread} {
		cpu, calls := t.figure(name, "cpu"), t.figure(name, "calls")
		t.goal(cpu < 3, "%s: below 3 %% of a core for each: %.2f %%", name, cpu)
		t.goal(calls < 100, "%s: Redis is called less than 100 times a second: %.0f", name, calls)
	}
	return t, nil
}

func runIdle(ctx context.Context, l *lab, roles ...string) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{provider: nobody, limits: "80/1s", accounts: 7, lanes: 20})
	if err != nil {
		return nil, err
	}
	defer d.close()
	if err := d.sleepers(ctx, 50, 20); err != nil {
		return nil, err
	}
	for _, role := range roles {
		if _, err := d.serve(ctx, role); err != nil {
			return nil, err
		}
	}
	settled := l.span(5 * time.Second) // what a start brings with it is over
	if err := sleep(ctx, settled); err != nil {
		return nil, err
	}
	return d.watchIdle(ctx, l.span(60*time.Second))
}

// sleepers makes running campaigns of which nothing is due: half of their people are in
// line for tomorrow, half on the clock for when the wait for a receipt ends.
func (h *house) sleepers(ctx context.Context, campaigns, people int) error {
	now := time.Now()
	for i := range campaigns {
		c, err := h.fill(ctx, crowd{n: people, id: fmt.Sprint("sleeper-", i), account: account(i % 6), due: func(k int) time.Time {
			return now.Add(time.Duration(k%2) * 24 * time.Hour)
		}}, true)
		if err != nil {
			return err
		}
		if _, err := h.accepted(ctx, c, people/2); err != nil {
			return err
		}
	}
	return nil
}

// watchIdle takes CPU and calls one after the other, for who counts calls costs CPU.
func (d *deployment) watchIdle(ctx context.Context, long time.Duration) (figures, error) {
	before, redis := used(d.processes...), used(d.server.process)
	if err := sleep(ctx, long); err != nil {
		return nil, err
	}
	f := figures{"redis": 100 * since(redis, long, d.server.process)[0]}
	for i, cores := range since(before, long, d.processes...) {
		f["cpu"], f["all"] = max(f["cpu"], 100*cores), f["all"]+100*cores
		f["memory"] = max(f["memory"], d.processes[i].peak())
	}
	listen := long / 3
	calls, commands, err := d.server.asked(listen)
	f["calls"], f["commands"] = float64(calls)/listen.Seconds(), float64(commands)/listen.Seconds()
	return f, err
}

// asked listens to what Redis is asked for a while: calls of its clients, and the
// commands that it ran for them, those within scripts included.
func (s *server) asked(d time.Duration) (calls, commands int, err error) {
	conn, err := net.Dial("tcp", s.near)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(d))
	if _, err := io.WriteString(conn, "MONITOR\r\n"); err != nil {
		return 0, 0, err
	}
	heard := bufio.NewScanner(conn)
	heard.Buffer(nil, 1<<20)
	for heard.Scan() {
		commands++
		if !bytes.Contains(heard.Bytes(), []byte(" lua] ")) {
			calls++
		}
	}
	if err := heard.Err(); !errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, 0, fmt.Errorf("listen to Redis: %w", err)
	}
	return calls - 1, commands - 1, nil // its OK
}

// span is a share of the usual time, but not less than is needed to see anything.
func (l *lab) span(d time.Duration) time.Duration {
	return max(time.Duration(float64(d)*l.scale), 3*time.Second)
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
