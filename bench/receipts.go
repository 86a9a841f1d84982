package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// receipts measures from a callback's request to its answer, by which it is applied:
// first as fast as 64 connections get answers, then evenly at half of that.
func receipts(ctx context.Context, l *lab) (table, error) {
	const plain, cascade = "plain handler", "Cascade"
	n := l.sized(100_000)
	rows, err := l.inTurn(ctx,
		side{plain, func(ctx context.Context) (figures, error) { return runPlainCallbacks(ctx, l, n) }},
		side{cascade, func(ctx context.Context) (figures, error) { return runCallbacks(ctx, l, n) }},
	)
	if err != nil {
		return table{}, err
	}
	t := table{rows: rows, against: [][2]string{{cascade, plain}}, columns: []column{
		{"rate", "receipts/s", 0}, {"api", "API, cores", 2}, {"redis", "Redis, cores", 2}, {"load", "load, cores", 2},
		{"micros", "API, µs each", 0}, {"redismicros", "Redis, µs each", 0}, {"half", "then evenly /s", 0}, {"p50", "p50, ms", 1}, {"p99", "p99, ms", 1},
	}}
	_, ratio, _ := t.ratio(cascade, plain)
	t.goal(ratio >= 1, "at least as many as the plain handler: %.2f of it", ratio)
	p99 := t.figure(cascade, "p99")
	t.goal(p99 < 20, "at half of that load 99 of 100 are answered within 20 ms: %.1f ms", p99)
	return t, nil
}

func runPlainCallbacks(ctx context.Context, l *lab, n int) (figures, error) {
	server, err := l.redis(ctx, plainRedis)
	if err != nil {
		return nil, err
	}
	defer server.close()
	ids, err := server.plainMessages(ctx, 2*n)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	p, err := l.start("handler", l.self, nil, childWord, "handler", server.addr, addr)
	if err != nil {
		return nil, err
	}
	defer p.kill()
	err = until(ctx, "the plain handler to answer", 5*time.Second, func() (bool, error) {
		resp, err := http.Get("http://" + addr + "/")
		if err == nil {
			_ = resp.Body.Close()
		}
		return err == nil, err
	})
	if err != nil {
		return nil, err
	}
	return l.bothLoads(ctx, server, p, "http://"+addr+"/callbacks", ids)
}

// plainMessages are what the plain handler finds: a hash for each message.
func (s *server) plainMessages(ctx context.Context, n int) ([]campaign.AttemptID, error) {
	const atOnce = 1000
	ids := make([]campaign.AttemptID, n)
	pipe := s.client.Pipeline()
	for i := range ids {
		ids[i] = campaign.IDKey{}.Message("bench", campaign.Destination(fmt.Sprint(i)), "").Attempt(0, 0)
		pipe.HSet(ctx, "message:"+ids[i].String(), "state", "accepted", "at", time.Now().UnixMilli())
		if pipe.Len() < atOnce && i < n-1 {
			continue
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

func runCallbacks(ctx context.Context, l *lab, n int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{provider: nobody})
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := d.fill(ctx, crowd{n: 2 * n}, true)
	if err != nil {
		return nil, err
	}
	ids, err := d.accepted(ctx, c, 2*n)
	if err != nil {
		return nil, err
	}
	p, err := d.serve(ctx, "api")
	if err != nil {
		return nil, err
	}
	f, err := l.bothLoads(ctx, d.server, p, d.callbacks(), ids)
	if err != nil {
		return nil, err
	}
	counts, _, err := d.store.Counts(ctx, c.Number)
	if got := counts.Phase(fallback.Delivered); err != nil || got != 2*n {
		return nil, errors.Join(err, fmt.Errorf("%d of %d messages are delivered", got, 2*n))
	}
	return f, nil
}

// callbacks is where the provider reports to.
func (h *house) callbacks() string { return h.api + "/callbacks/qlara/" + secret }

// bothLoads posts half of the receipts at once, and the others at half of the rate that
// was reached.
func (l *lab) bothLoads(ctx context.Context, server *server, p *process, to string, ids []campaign.AttemptID) (figures, error) {
	if err := server.settled(ctx); err != nil {
		return nil, err
	}
	n := len(ids) / 2
	its, redis := p.cpu(), server.cpu()
	full, err := l.load(to, delivered, ids[:n], 0)
	if err != nil {
		return nil, err
	}
	took := float64(n) / full.Rate
	api, db := (p.cpu() - its).Seconds(), (server.cpu() - redis).Seconds()
	half, err := l.load(to, delivered, ids[n:], int(full.Rate/2))
	return figures{"rate": full.Rate, "api": api / took, "redis": db / took, "load": full.cores,
		"micros": api / float64(n) * 1e6, "redismicros": db / float64(n) * 1e6,
		"half": half.Rate, "p50": half.P50, "p99": half.P99}, err
}
