package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// runPaceAlone lets the uneven workers only take their turns and be busy for as long as
// a request is: what is left is the price of the pace, with all who wait for it.
func runPaceAlone(ctx context.Context, l *lab, n int) (figures, error) {
	s, err := l.redis(ctx, plainRedis)
	if err != nil {
		return nil, err
	}
	defer s.close()
	all := []*process{s.process}
	for i, callers := range uneven {
		p, err := l.start(fmt.Sprint("pace-", i), l.self, nil, childWord, "pace", s.addr, fmt.Sprintf("%d/1s", n), strconv.Itoa(callers))
		if err != nil {
			return nil, err
		}
		defer p.kill()
		all = append(all, p)
	}
	err = until(ctx, "the pace to be kept", 10*time.Second, func() (bool, error) {
		rate, err := booked(ctx, s, n)
		return rate >= 0.9*float64(n), err
	})
	if err != nil {
		return nil, err
	}
	before, began := used(all...), time.Now()
	if err := sleep(ctx, l.span(30*time.Second)); err != nil {
		return nil, err
	}
	took := time.Since(began)
	cores := since(before, took, all...)
	f := figures{"redis": cores[0]}
	for _, c := range cores[1:] {
		f["workers"] += c
	}
	f["rate"], err = booked(ctx, s, n)
	return f, err
}

// booked is how many slots were booked in the last second.
func booked(ctx context.Context, s *server, n int) (float64, error) {
	lane, account, err := paced(fmt.Sprintf("%d/1s", n))
	if err != nil {
		return 0, err
	}
	all, err := ratelimit.New(s.client, ratelimit.Options{}).Status(ctx, []ratelimit.Query{{Lane: lane, Account: account}})
	if err != nil {
		return 0, err
	}
	return float64(all[0].Booked), nil
}

func paced(limit string) (lane, account ratelimit.Scope, err error) {
	parsed, err := campaign.ParseLimit(limit)
	return ratelimit.Lane(campaign.Lane{Account: "qlara", Channel: campaign.WhatsApp}, parsed), ratelimit.Account("qlara"), err
}

// paceAlone is one of these workers.
func paceAlone(ctx context.Context, args []string) error {
	lane, account, err := paced(args[1])
	if err != nil {
		return err
	}
	callers, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	busy, err := time.ParseDuration(providerTakes)
	if err != nil {
		return err
	}
	client := redis.NewClient(&redis.Options{Addr: args[0], Protocol: 2})
	defer func() { _ = client.Close() }()
	p := ratelimit.New(client, ratelimit.Options{}).Pacer(lane, account)
	var failed atomic.Pointer[error]
	for range callers {
		go func() {
			for ctx.Err() == nil {
				if err := takeTurn(ctx, p, busy); err != nil && ctx.Err() == nil {
					failed.Store(&err)
				}
			}
		}()
	}
	<-ctx.Done()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

func takeTurn(ctx context.Context, p *ratelimit.Pacer, busy time.Duration) error {
	slot, err := p.Turn(ctx, ratelimit.Scope{})
	if err != nil {
		return err
	}
	result := ratelimit.Result{Kind: ratelimit.OK}
	switch err := slot.Wait(ctx); {
	case errors.Is(err, ratelimit.ErrStale):
		result.Kind = ratelimit.Neutral
	case err != nil:
		return err
	default:
		if err := sleep(ctx, busy); err != nil {
			return err
		}
	}
	p.Done(slot, result)
	return nil
}
