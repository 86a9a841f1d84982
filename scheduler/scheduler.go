package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Ledger is what the scheduler asks of storage.
type Ledger interface {
	// Heads gives what is due by now on clocks and in the lines of each lane, and how
	// long nothing else will be; negative: nothing stands anywhere.
	Heads(ctx context.Context, lanes []campaign.Lane) (clocks []fallback.Head, lines [][]fallback.Head, next time.Duration, err error)
	// Due gives up to n due records behind a head, the earliest first.
	Due(ctx context.Context, h fallback.Head, n int) ([]fallback.Record, error)
	// Settle sets the index to what is true of these heads.
	Settle(ctx context.Context, heads []fallback.Head) error
	// Rest takes lines of campaigns that do not run out of the index.
	Rest(ctx context.Context, heads []fallback.Head) error
	// Sweep heals the index.
	Sweep(ctx context.Context) error
	// Lease takes or renews the right to act, Resign gives it back.
	Lease(ctx context.Context, holder string, d time.Duration) (bool, error)
	Resign(ctx context.Context, holder string) error
	// Running says which campaigns may send.
	Running(ctx context.Context, numbers []campaign.Number) (map[campaign.Number]bool, error)
	// Cancelling gives the campaigns whose messages are to be closed, CancelDone ends that.
	Cancelling(ctx context.Context) ([]campaign.Number, error)
	CancelDone(ctx context.Context, n campaign.Number) error
	// Tidy forgets what was kept long enough.
	Tidy(ctx context.Context) error
	// Each calls f for every record of a campaign.
	Each(ctx context.Context, n campaign.Number, f func(*fallback.Record) error) error
}

// Door is the way in which the scheduler tells messages what happened.
type Door interface {
	Advance(ctx context.Context, now time.Time, orders ...fallback.Order) ([]fallback.Result, error)
	Judge(ctx context.Context, now time.Time, records []fallback.Record, kind fallback.EventKind) ([]fallback.Result, error)
	PutOff(ctx context.Context, now time.Time, records []fallback.Record, by []time.Duration) ([]fallback.Result, error)
}

// Lane is a lane to be fed.
type Lane struct {
	campaign.Lane
	Ahead int // how many jobs its queue may hold; see Ahead
}

// Ahead is how many jobs a lane's queue should hold: 1.5 s of its rate (per second;
// 0: it has no limit), and at least twice the requests that a worker has at work.
func Ahead(rate float64, concurrency int) int {
	const unlimited = 2000
	if rate <= 0 {
		return max(unlimited, 2*concurrency)
	}
	return max(int(1.5*rate), 2*concurrency)
}

// Options are what a Scheduler needs. All but Rest, Log, Now and Nudged must be set.
type Options struct {
	Name   string // of this process, for the lease
	Ledger Ledger
	Door   Door
	Lanes  []Lane
	// Depths says how many jobs wait on each lane's queue.
	Depths func(ctx context.Context, lanes []campaign.Lane) ([]int, error)
	// Wait says how long until each campaign could have a slot on its lane.
	Wait func(ctx context.Context, turns []Turn) ([]time.Duration, error)
	// Rest says how much longer each of the records waits whose alarm rings now, for its
	// lane stood still; 0: its wait is over. nil: no lane ever does.
	Rest func(ctx context.Context, records []fallback.Record, now time.Time) ([]time.Duration, error)
	// Nudged gives a channel that closes when something may be due at once.
	Nudged func() <-chan struct{}
	Log    *slog.Logger
	Now    func() time.Time
}

// Turn is a campaign that wants to send on a lane.
type Turn struct {
	Lane     campaign.Lane
	Campaign campaign.Number
}

// Scheduler feeds lanes and rings the clock. Make one with New.
type Scheduler struct {
	Options
	lanes  []campaign.Lane
	turn   int           // whose campaign comes first; moves on with each round
	acting atomic.Bool   // this process has the lease
	began  chan struct{} // holds one: it has it since a moment ago
	next   time.Duration // until something is due, as the last round saw it
	moved  bool          // the last round told somebody something: others may be due behind them
}

// New makes a scheduler; Run starts it.
func New(o Options) *Scheduler {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Scheduler{Options: o, began: make(chan struct{}, 1)}
	for _, l := range o.Lanes {
		s.lanes = append(s.lanes, l.Lane)
	}
	return s
}

const (
	leaseTime   = 3 * time.Second
	renewEvery  = 700 * time.Millisecond
	renewSpread = 400 * time.Millisecond
	houseEvery  = 500 * time.Millisecond
	sweepEvery  = 30 * time.Second
	tidyEvery   = time.Minute
	lookEvery   = 500 * time.Millisecond // without a nudge, and with nothing due before
	feedEvery   = 20 * time.Millisecond  // while there are people due, or right behind those who were
	triesEvery  = 500 * time.Millisecond // while Redis is away
	resignTime  = time.Second            // an end does not wait for longer; the lease runs out by itself
)

// Run acts whenever it has the lease, until ctx ends, and then gives it back. What takes
// long (the sweep, the closing of cancelled campaigns, forgetting) goes on beside the
// rounds and keeps nobody waiting.
func (s *Scheduler) Run(ctx context.Context) error {
	var all sync.WaitGroup
	all.Go(func() { s.hold(ctx) })
	all.Go(func() { s.keepHouse(ctx) })
	all.Go(func() { s.keepTidy(ctx) })
	for ctx.Err() == nil {
		if !s.acting.Load() {
			wait(ctx, s.began, lookEvery)
			continue
		}
		nudged := s.nudged()
		more, err := s.Round(ctx)
		switch {
		case err != nil:
			s.complain(ctx, "look at what is due", err)
			wait(ctx, nil, triesEvery)
		case more:
			wait(ctx, nil, feedEvery)
		case s.moved:
			wait(ctx, nudged, feedEvery)
		default:
			wait(ctx, nudged, s.untilNext())
		}
	}
	all.Wait()
	s.resign(ctx)
	return nil
}

// resign lets another scheduler act as soon as it asks, about a second later.
func (s *Scheduler) resign(ctx context.Context) {
	ctx, done := context.WithTimeout(context.WithoutCancel(ctx), resignTime)
	defer done()
	s.complain(ctx, "give its lease back", s.Ledger.Resign(ctx, s.Name))
}

// hold takes and renews the lease.
func (s *Scheduler) hold(ctx context.Context) {
	for ctx.Err() == nil {
		got, err := s.Ledger.Lease(ctx, s.Name, leaseTime)
		s.complain(ctx, "renew its lease", err)
		if acts := got && err == nil; s.acting.Swap(acts) != acts {
			s.Log.Info(map[bool]string{true: "this scheduler acts", false: "this scheduler acts no more"}[acts], "name", s.Name)
			s.begin(acts)
		}
		wait(ctx, nil, renewEvery+rand.N(renewSpread)) // not in step with the others
	}
}

// begin wakes Run: it shall not wait for its next look to find that it acts.
func (s *Scheduler) begin(acts bool) {
	if !acts {
		return
	}
	select {
	case s.began <- struct{}{}:
	default: // it has not even found the last time yet
	}
}

// keepHouse sweeps now and then, and closes what cancelled campaigns have open.
func (s *Scheduler) keepHouse(ctx context.Context) {
	var swept time.Time
	for ctx.Err() == nil {
		switch now := s.Now(); {
		case !s.acting.Load():
			swept = time.Time{} // who begins to act sweeps first
		case now.Sub(swept) >= sweepEvery:
			swept = now
			s.complain(ctx, "sweep", s.Ledger.Sweep(ctx))
			fallthrough
		default:
			s.complain(ctx, "close cancelled campaigns", s.cancel(ctx))
		}
		wait(ctx, nil, houseEvery)
	}
}

// keepTidy has what was kept long enough forgotten.
func (s *Scheduler) keepTidy(ctx context.Context) {
	for ctx.Err() == nil {
		if s.acting.Load() {
			s.complain(ctx, "forget what was kept long enough", s.Ledger.Tidy(ctx))
		}
		wait(ctx, nil, tidyEvery)
	}
}

// Round looks once at everything that is due. It says whether something due was left
// for want of room, so that it should look again soon.
func (s *Scheduler) Round(ctx context.Context) (more bool, err error) {
	clocks, lines, next, err := s.Ledger.Heads(ctx, s.lanes)
	if err != nil {
		return false, err
	}
	s.next, s.moved = next, false
	more, err = s.ring(ctx, clocks)
	if err != nil {
		return false, err
	}
	left, err := s.feed(ctx, lines)
	return more || left, err
}

// untilNext is how long to sleep: until something is due, and not for long, for what is
// put back into line for later rings no bell.
func (s *Scheduler) untilNext() time.Duration {
	const atLeast = 5 * time.Millisecond
	if s.next < 0 {
		return lookEvery
	}
	return min(max(s.next, atLeast), lookEvery)
}

func (s *Scheduler) nudged() <-chan struct{} {
	if s.Nudged == nil {
		return nil
	}
	return s.Nudged()
}

func (s *Scheduler) complain(ctx context.Context, doing string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) && ctx.Err() == nil {
		s.Log.Warn("scheduler waits", "doing", doing, "error", err)
	}
}

// wait ends with the nudge, the time or ctx.
func wait(ctx context.Context, nudged <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-nudged:
	case <-timer.C:
	case <-ctx.Done():
	}
}
