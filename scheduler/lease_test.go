package scheduler_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
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

func (q *quiet) Resign(context.Context, string) error { return nil }

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

// lease is one that several schedulers share, each by a ledger of its own in which
// nothing is due.
type lease struct {
	mu     sync.Mutex
	holder string
	ends   time.Time
}

type tenant struct {
	quiet
	lease *lease
	dead  atomic.Bool // it has no way to the lease any more, not even to give it back
}

var errDead = errors.New("this process is dead")

func (c *tenant) Lease(_ context.Context, holder string, d time.Duration) (bool, error) {
	c.lease.mu.Lock()
	defer c.lease.mu.Unlock()
	now := time.Now()
	if c.dead.Load() {
		return false, errDead
	}
	if c.lease.holder != holder && now.Before(c.lease.ends) {
		return false, nil
	}
	c.lease.holder, c.lease.ends = holder, now.Add(d)
	return true, nil
}

func (c *tenant) Resign(_ context.Context, holder string) error {
	c.lease.mu.Lock()
	defer c.lease.mu.Unlock()
	if c.dead.Load() {
		return errDead
	}
	if c.lease.holder == holder {
		c.lease.holder, c.lease.ends = "", time.Time{}
	}
	return nil
}

// Another scheduler takes over within about a second of one that stops, and within the
// lease and a second of one that dies.
func TestAnotherTakesOver(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		how  string
		dies bool
		most time.Duration
	}{{"stops", false, 1200 * time.Millisecond}, {"dies", true, 4200 * time.Millisecond}} {
		t.Run(x.how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { takeOver(t, x.dies, x.most) })
		})
	}
}

func takeOver(t *testing.T, dies bool, most time.Duration) {
	shared := &lease{}
	var all sync.WaitGroup
	start := func(name string) (c *tenant, stop func()) {
		c = &tenant{lease: shared}
		s := scheduler.New(scheduler.Options{Name: name, Ledger: c, Lanes: []scheduler.Lane{{Lane: lane, Ahead: 10}}, Log: slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		all.Go(func() { _ = s.Run(ctx) })
		return c, stop
	}
	one, stopOne := start("one")
	time.Sleep(100 * time.Millisecond) // by then it has the lease
	two, stopTwo := start("two")
	time.Sleep(10 * time.Second)
	if rounds, _ := two.took(); rounds > 0 {
		t.Errorf("two made %d rounds beside one", rounds)
	}
	one.dead.Store(dies)
	stopOne()
	stopped := time.Now()
	for rounds := 0; rounds == 0; rounds, _ = two.took() {
		if time.Sleep(time.Millisecond); time.Since(stopped) > time.Minute {
			t.Fatal("nobody took over within a minute")
		}
	}
	if took := time.Since(stopped); took > most {
		t.Errorf("two took over after %s, want at most %s", took, most)
	}
	stopTwo()
	all.Wait()
}
