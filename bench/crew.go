package main

import (
	"context"
	"fmt"
	"time"
)

// uneven is how many requests each of four workers has at work at most. With a provider
// that takes 10 ms, the last can do 128 times as much as the first.
var uneven = []int{1, 8, 32, 128}

const providerTakes = "10ms"

// crew is four uneven workers, who speak to Redis through a way that counts their
// calls for slots.
type crew struct {
	*deployment
	workers []*process
	paces   *counter
}

// underLimit gives f a crew, and people who may or may not be due.
func (l *lab) underLimit(ctx context.Context, limit string, people crowd, f func(*crew) (figures, error)) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{limits: limit}, "-log", "-delay", providerTakes)
	if err != nil {
		return nil, err
	}
	defer d.close()
	if _, err := d.serve(ctx, "scheduler"); err != nil {
		return nil, err
	}
	c := &crew{deployment: d, paces: &counter{word: []byte("cascade:{pace}:lane:qlara.whatsapp:state")}}
	through, end, err := longWay(d.server.near, 0, c.paces)
	if err != nil {
		return nil, err
	}
	defer end()
	for i, n := range uneven {
		file, err := l.configure(fmt.Sprintf("worker-%d.yaml", i), through, site{provider: d.sink.url, limits: limit, concurrency: n})
		if err != nil {
			return nil, err
		}
		p, err := d.serveAs(ctx, fmt.Sprint("worker-", i), file, "worker")
		if err != nil {
			return nil, err
		}
		c.workers = append(c.workers, p)
	}
	if _, err := d.fill(ctx, people, true); err != nil {
		return nil, err
	}
	return f(c)
}

// watch takes the figures of so long, from shortly after the first request on.
func (c *crew) watch(ctx context.Context, long time.Duration) (figures, journal, error) {
	_, err := c.requested(ctx, 1, time.Minute)
	if err == nil {
		err = sleep(ctx, 2*time.Second)
	}
	if err != nil {
		return nil, nil, err
	}
	all := append(c.workers[:len(c.workers):len(c.workers)], c.server.process)
	before, calls, first := used(all...), c.paces.n.Load(), time.Now()
	if err := sleep(ctx, long); err != nil {
		return nil, nil, err
	}
	last := time.Now()
	took := last.Sub(first)
	cores := since(before, took, all...)
	f := figures{"redis": cores[len(c.workers)], "calls": float64(c.paces.n.Load()-calls) / took.Seconds()}
	busiest := 0.0
	for _, n := range cores[:len(c.workers)] {
		f["workers"], busiest = f["workers"]+n, max(busiest, n)
	}
	f["share"] = 100 * busiest / f["workers"]
	log, err := c.sink.log()
	if err != nil {
		return nil, nil, err
	}
	seen, err := c.sink.seen()
	f["stall"], f["rate"] = ms(seen.Stall), float64(len(log.within(first, last)))/took.Seconds()
	return f, log, err
}
