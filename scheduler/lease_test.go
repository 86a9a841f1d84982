package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
)

// quiet is a ledger in which nothing is due. It keeps what it was asked.
type quiet struct {
	mu             sync.Mutex
	holder         string
	away           error
	rounds, sweeps int
}

func (q *quiet) set(change func(*quiet)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	change(q)
}

// took gives how many rounds and sweeps there were since it was asked last.
func (q *quiet) took() (rounds, sweeps int) {
	q.set(func(q *quiet) {
		rounds, sweeps = q.rounds, q.sweeps
		q.rounds, q.sweeps = 0, 0
	})
	return rounds, sweeps
}

func (q *quiet) Heads(_ context.Context, lanes []campaign.Lane) ([]fallback.Head, [][]fallback.Head, time.Duration, error) {
	q.set(func(q *quiet) { q.rounds++ })
	return nil, make([][]fallback.Head, len(lanes)), -1, nil
}

func (q *quiet) Sweep(context.Context) error {
	q.set(func(q *quiet) { q.sweeps++ })
	return nil
}

func (q *quiet) Lease(_ context.Context, holder string, _ time.Duration) (bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.holder == holder, q.away
}

func (q *quiet) Due(context.Context, fallback.Head, int) ([]fallback.Record, error) { return nil, nil }
func (q *quiet) Settle(context.Context, []fallback.Head) error                      { return nil }
func (q *quiet) Rest(context.Context, []fallback.Head) error                        { return nil }
func (q *quiet) Cancelling(context.Context) ([]campaign.Number, error)              { return nil, nil }
func (q *quiet) CancelDone(context.Context, campaign.Number) error                  { return nil }
func (q *quiet) Tidy(context.Context) error                                         { return nil }
func (q *quiet) Running(context.Context, []campaign.Number) (map[campaign.Number]bool, error) {
	return nil, nil
}
func (q *quiet) Each(context.Context, campaign.Number, func(*fallback.Record) error) error {
	return nil
}

func TestWhoLosesTheLeaseRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quiet{holder: "two"}
		s := scheduler.New(scheduler.Options{Name: "one", Ledger: q, Lanes: []scheduler.Lane{{Lane: lane, Ahead: 10}}, Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		for i, x := range []struct {
			holder string
			away   error
			acts   bool
		}{
			{"two", nil, false},
			{"one", nil, true},
			{"two", nil, false}, // it was frozen, and another took the lease
			{"one", nil, true},
			{"one", errors.New("Redis is away"), false},
			{"one", nil, true},
		} {
			q.set(func(q *quiet) { q.holder, q.away = x.holder, x.away })
			time.Sleep(1200 * time.Millisecond) // by then it has asked, and has finished what it had begun
			_, first := q.took()
			time.Sleep(10 * time.Second)
			rounds, sweeps := q.took()
			if acts := rounds > 0; acts != x.acts || acts && rounds < 18 {
				t.Errorf("%d: with the lease at %s (%v) it made %d rounds in 10s; want a score: %t", i, x.holder, x.away, rounds, x.acts)
			}
			if x.acts != (first+sweeps == 1) {
				t.Errorf("%d: with the lease at %s (%v) it swept %d times; want once, where it begins to act: %t", i, x.holder, x.away, first+sweeps, x.acts)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}
