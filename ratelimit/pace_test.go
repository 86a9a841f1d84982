package ratelimit

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// crew is workers of one lane in one process: each takes a turn, starts a request at
// its slot, and is busy with it for a while.
type crew struct {
	pacer    *Pacer
	campaign Scope
	workers  int
	busy     time.Duration                // how long the provider takes
	answers  func(start time.Time) Result // nil: always OK

	mu     sync.Mutex
	starts []time.Time
	stale  int
	away   int // times that a turn was too far away
}

// work lets the workers work for this long.
func (c *crew) work(t testing.TB, during time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), during)
	defer cancel()
	var wg sync.WaitGroup
	for range c.workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				c.once(ctx)
			}
		})
	}
	wg.Wait()
	if err := c.pacer.Flush(context.Background()); err != nil {
		t.Error(err)
	}
}

func (c *crew) once(ctx context.Context) {
	s, err := c.pacer.Turn(ctx, c.campaign)
	if err != nil {
		c.note(func() { c.away++ })
		_ = sleep(ctx, 100*time.Millisecond) // the message went back to its line
		return
	}
	if s.Wait(ctx) != nil {
		c.pacer.Done(s, Result{Kind: Neutral})
		c.note(func() { c.stale++ })
		return
	}
	now := time.Now()
	c.note(func() { c.starts = append(c.starts, now) })
	_ = sleep(context.WithoutCancel(ctx), c.busy)
	result := Result{Kind: OK}
	if c.answers != nil {
		result = c.answers(now)
	}
	c.pacer.Done(s, result)
}

func (c *crew) note(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

// workTogether lets several crews work side by side and gives all their starts.
func workTogether(t testing.TB, during time.Duration, crews ...*crew) (starts []time.Time, stale int) {
	t.Helper()
	var wg sync.WaitGroup
	for _, c := range crews {
		wg.Go(func() { c.work(t, during) })
	}
	wg.Wait()
	for _, c := range crews {
		starts, stale = append(starts, c.starts...), stale+c.stale
	}
	return starts, stale
}

// uneven makes four processes, of which one could use the whole limit and the others
// ever less.
func uneven(client redis.UniversalClient, lane, account Scope, busy time.Duration, workers int) []*crew {
	var crews []*crew
	for i := range 4 {
		p := New(client, Options{}).Pacer(lane, account)
		crews = append(crews, &crew{pacer: p, workers: max(1, workers>>(2*i)), busy: busy})
	}
	return crews
}

// In the bubble's time nobody is late, so all can be used that the limit allows.
func TestLimitIsUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit   string
		workers int
		busy    time.Duration
		during  time.Duration
		calls   int // a second
	}{
		{"80/1s", 64, 20 * time.Millisecond, 10 * time.Second, 42},
		{"1000/1s", 128, 10 * time.Millisecond, 12 * time.Second, 45},
		{"1000/1s", 256, 20 * time.Millisecond, 12 * time.Second, 45},
		{"1000/1s", 320, 150 * time.Millisecond, 12 * time.Second, 70},
		{"5000/1s", 128, 10 * time.Millisecond, 2 * time.Second, 120},
		{"5000/1s", 512, 20 * time.Millisecond, 2 * time.Second, 90},
	} {
		t.Run(fmt.Sprint(c.limit, " ", c.busy), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, client := bubbleRedis(t)
				calls := record(client)
				here := lane(t, "qlara.whatsapp", c.limit)
				starts, _ := workTogether(t, c.during, uneven(client, here, account(t), c.busy, c.workers)...)
				checkWindows(t, starts, here.Limits)
				if got := usage(starts, here.Limits[0], c.during); got < 0.95 {
					t.Errorf("%.1f %% of %s used, want 95 %%", 100*got, c.limit)
				}
				if n := calls.count(); n > c.calls*int(c.during.Seconds()) {
					t.Errorf("%d calls in %v, want at most %d a second", n, c.during, c.calls)
				}
			})
		})
	}
}

// In real time, against a real Redis, processes are late and slots are given up. No
// window may be exceeded all the same. How much is used depends on what else the
// machine does.
func TestLimitHoldsInRealTime(t *testing.T) {
	server := redistest.Real(t)
	const during = 1500 * time.Millisecond
	for _, c := range []struct {
		limit   string
		workers int
		least   float64
	}{
		{"80/1s", 64, 0.5},
		{"1000/1s", 128, 0.3},
		{"5000/1s", 512, 0.1},
	} {
		t.Run(c.limit, func(t *testing.T) {
			client := server.Client(t)
			calls := record(client)
			here := lane(t, "qlara.whatsapp"+c.limit, c.limit)
			starts, stale := workTogether(t, during, uneven(client, here, account(t), 20*time.Millisecond, c.workers)...)
			checkWindows(t, starts, here.Limits)
			got := usage(starts, here.Limits[0], during)
			t.Logf("%.1f %% of %s used, %d slots given up, %.0f calls/s", 100*got, c.limit, stale, float64(calls.count())/during.Seconds())
			if got < c.least {
				t.Errorf("%.1f %% of %s used, want %.0f %%", 100*got, c.limit, 100*c.least)
			}
		})
	}
}

// Two limits together: fifty in a second, until a thousand are used up in the minute.
func TestTwoWindowsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		here, whole := lane(t, "qlara.whatsapp", "80/1s"), account(t, "50/1s", "1000/1m")
		const during = 2*time.Minute + time.Second/2
		starts, _ := workTogether(t, during, uneven(client, here, whole, 200*time.Millisecond, 64)...)
		checkWindows(t, starts, append(here.Limits, whole.Limits...))
		if got := usage(starts, whole.Limits[1], during); got < 0.95 {
			t.Errorf("%.1f %% of 1000/1m used, want 95 %%", 100*got)
		}
	})
}

func TestCampaignsTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		p := New(client, Options{}).Pacer(lane(t, "qlara.whatsapp", "100/1s"), account(t))
		var crews []*crew
		for i, workers := range []int{100, 20, 20} {
			own := Scope{CampaignKind, fmt.Sprint(i), limits(t, "90/1s")}
			crews = append(crews, &crew{pacer: p, campaign: own, workers: workers, busy: 50 * time.Millisecond})
		}
		slow := &crew{pacer: p, campaign: Scope{CampaignKind, "slow", limits(t, "2/1s")}, workers: 20}
		starts, _ := workTogether(t, 10*time.Second, append(crews, slow)...)
		checkWindows(t, starts, p.lane.Limits)
		checkWindows(t, slow.starts, limits(t, "2/1s"))
		if n := len(slow.starts); n < 19 {
			t.Errorf("the campaign of 2/1s started %d in 10s, want 19 or more", n)
		}
		for i, c := range crews {
			if n := len(c.starts); n < 290 || n > 370 {
				t.Errorf("campaign %d of %d workers started %d of some 990, want about a third", i, c.workers, n)
			}
		}
		if got := usage(starts, p.lane.Limits[0], 10*time.Second); got < 0.95 {
			t.Errorf("%.1f %% of the lane's limit used, want 95 %%", 100*got)
		}
	})
}

func TestWithoutLimitsFewCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		calls := record(client)
		l := New(client, Options{})
		c := &crew{pacer: l.Pacer(lane(t, "qlara.sms"), account(t)), workers: 64, busy: 10 * time.Millisecond}
		c.work(t, 5*time.Second)
		if n := len(c.starts); n < 64*495 {
			t.Errorf("%d starts in 5s of 64 workers that need 10ms each, want some 32000", n)
		}
		if n := calls.count(); n > 5*52 {
			t.Errorf("%d calls in 5s, want some 50 a second", n)
		}
		status, err := l.Status(t.Context(), []Query{{Lane: c.pacer.lane, Account: c.pacer.account}})
		if err != nil {
			t.Fatal(err)
		}
		if n := status[0].Booked; n < 6000 || n > 6800 {
			t.Errorf("status counts %d starts in the last second, want some 6400", n)
		}
	})
}
