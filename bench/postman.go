package main

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// postman reports messages delivered, some time after their requests. What is not
// taken it brings again.
type postman struct {
	after            time.Duration
	post             chan parcel
	answered, failed atomic.Int64

	mu   sync.Mutex
	lags []time.Duration
}

type parcel struct {
	attempt string
	due     time.Time
}

func newPostman(ctx context.Context, to string, after time.Duration) *postman {
	const connections, bag = 64, 1 << 20
	p := &postman{after: after, post: make(chan parcel, bag)}
	for range connections {
		go p.walk(ctx, to)
	}
	return p
}

func (p *postman) report(attempt string, requested time.Time) {
	p.post <- parcel{attempt, requested.Add(p.after)}
}

func (p *postman) walk(ctx context.Context, to string) {
	c, err := newCaller(to)
	if err != nil {
		return
	}
	var body []byte
	for {
		select {
		case <-ctx.Done():
			return
		case next := <-p.post:
			time.Sleep(time.Until(next.due))
			body = qlaraReceipt(body[:0], next.attempt, delivered, next.due)
			for status := 0; ctx.Err() == nil; p.failed.Add(1) {
				if status, _ = c.post(body); status == http.StatusOK {
					break
				}
				time.Sleep(p.after) // and again
			}
			p.arrived(time.Since(next.due))
		}
	}
}

func (p *postman) arrived(lag time.Duration) {
	p.answered.Add(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lags = append(p.lags, lag)
}

func (p *postman) takeLag() time.Duration {
	p.mu.Lock()
	lags := p.lags
	p.lags = nil
	p.mu.Unlock()
	slices.Sort(lags)
	return quantile(lags, 0.99)
}

// quantile of sorted figures; zero of none.
func quantile[T any](sorted []T, q float64) (none T) {
	if len(sorted) == 0 {
		return none
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
