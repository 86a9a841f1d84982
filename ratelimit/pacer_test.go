package ratelimit

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"
)

// Nothing starts while the lane is held, but within 50 ms of the answer; then one, and
// twice as many with each block.
func TestThrottledLaneOfFourProcesses(t *testing.T) {
	t.Parallel()
	for _, hint := range []time.Duration{1500 * time.Millisecond, 7 * time.Second} {
		t.Run(hint.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, client := bubbleRedis(t)
				const latency = 150 * time.Millisecond
				began := time.Now()
				var mu sync.Mutex
				var said time.Time
				crews := uneven(client, lane(t, "qlara.whatsapp", "1000/1s"), account(t), latency, 128)
				for _, c := range crews {
					c.answers = func(time.Time) Result {
						mu.Lock()
						defer mu.Unlock()
						if now := time.Now(); said.IsZero() && now.Sub(began) > time.Second {
							said = now
							return Result{Kind: Throttled, RetryAfter: hint}
						}
						return Result{Kind: OK}
					}
				}
				starts, _ := workTogether(t, hint+4*time.Second, crews...)
				checkWindows(t, starts, limits(t, "1000/1s"))
				var after []time.Time
				for _, s := range starts {
					switch since := s.Sub(said); {
					case since > 50*time.Millisecond && since < hint:
						t.Fatalf("a request started %v after the 429 that asked for %v", since, hint)
					case since >= hint:
						after = append(after, s)
					}
				}
				if len(after) < 1000 {
					t.Fatalf("%d requests started after the hold, want more than a thousand", len(after))
				}
				for size := 2; size <= 32; size *= 2 {
					if gap := after[size-1].Sub(after[size-2]); gap < latency {
						t.Errorf("the block of %d began %v after the last start of the one before, want %v", size, gap, latency)
					}
				}
			})
		})
	}
}

// A provider fails for some time. Few requests reach it meanwhile, and soon after it
// has recovered the lane is at its full pace.
func TestSickLaneRecovers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		began := time.Now()
		outage := func(at time.Time) bool {
			since := at.Sub(began)
			return since > 5*time.Second && since < 65*time.Second
		}
		crews := uneven(client, lane(t, "qlara.whatsapp", "80/1s"), account(t), 100*time.Millisecond, 64)
		for _, c := range crews {
			c.answers = func(start time.Time) Result {
				if outage(start) {
					return Result{Kind: Fault}
				}
				return Result{Kind: OK}
			}
		}
		starts, _ := workTogether(t, 2*time.Minute, crews...)
		checkWindows(t, starts, limits(t, "80/1s"))
		failed, recovered := 0, 0
		for _, s := range starts {
			if outage(s) {
				failed++
			}
			if s.Sub(began) > 95*time.Second {
				recovered++
			}
		}
		if failed < 5 || failed > 60 {
			t.Errorf("%d requests failed in an outage of a minute, want few", failed)
		}
		if want := 80 * 25 * 95 / 100; recovered < want {
			t.Errorf("%d requests in the last 25s, half a minute after the provider recovered; want %d", recovered, want)
		}
	})
}

func TestTurnSaysThatItIsTooFar(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		p := s.limiter.Pacer(s.query.Lane, s.query.Account)
		turn := func(wait time.Duration, text string) {
			t.Helper()
			_, err := p.Turn(t.Context(), Scope{})
			var far *WaitError
			if !errors.As(err, &far) || far.Wait.Round(time.Second) != wait || !strings.Contains(err.Error(), text) {
				t.Errorf("Turn gave %v, want a wait of %v and %q", err, wait, text)
			}
			time.Sleep(time.Second)
		}
		s.do(s.limiter.Pause(t.Context(), s.query.Account, "the key is wrong", "cascade"))
		turn(Forever, "account qlara is paused by cascade: the key is wrong")
		s.do(s.limiter.Release(t.Context(), s.query.Account))
		s.do(s.limiter.Hold(t.Context(), s.query.Lane, 10*time.Second, "429"))
		turn(10*time.Second, "no slot for another 10s: lane qlara.whatsapp is held: 429")
		time.Sleep(7500 * time.Millisecond)
		if _, err := p.Turn(t.Context(), Scope{}); err != nil {
			t.Errorf("Turn gave %v where the wait is short, want a slot", err)
		}
	})
}

func TestRedisAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, client := bubbleRedis(t)
		here := lane(t, "qlara.whatsapp", "100/1s")
		p := New(client, Options{}).Pacer(here, account(t))
		first, err := p.Turn(t.Context(), Scope{})
		if err != nil {
			t.Fatal(err)
		}
		m.SetError("ERR away")
		away := time.Now()
		p.Done(first, Result{Kind: Throttled, RetryAfter: 4 * time.Second})

		impatient, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := p.Turn(impatient, Scope{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Turn gave %v while Redis was away, want the context's error", err)
		}
		if took := time.Since(away); took != 5*time.Second {
			t.Errorf("Turn gave up after %v, want 5s", took)
		}
		if err := p.Flush(impatient); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Flush gave %v while Redis was away, want the context's error", err)
		}

		m.SetError("")
		if err := p.Flush(t.Context()); err != nil {
			t.Errorf("Flush gave %v", err)
		}
		var far *WaitError
		if _, err := p.Turn(t.Context(), Scope{}); !errors.As(err, &far) || far.Cause != Held {
			t.Errorf("Turn gave %v once Redis was back, want the hold from before", err)
		}
	})
}

func TestSlotOfACallerWhoLeftIsGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.do(s.limiter.Hold(t.Context(), s.query.Lane, time.Second, "429"))
		time.Sleep(time.Second)
		p := s.limiter.Pacer(s.query.Lane, s.query.Account)
		slot, err := p.Turn(t.Context(), Scope{})
		s.do(err)
		s.want(Starting, "", twinPoll)
		c := &caller{answer: make(chan answer, 1)}
		c.answer <- answer{slot: slot}
		p.leave(p.groups[0], c)
		s.do(p.Flush(t.Context()))
		time.Sleep(20 * time.Millisecond)
		s.want(None, "", 0)
	})
}

func TestWaitKeepsTheSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		p := s.limiter.Pacer(s.query.Lane, s.query.Account)
		at := time.Now().Add(30 * time.Millisecond)
		slot := Slot{Start: at, void: at.Add(slack), pacer: p}
		s.do(slot.Wait(t.Context()))
		if now := time.Now(); !now.Equal(at) {
			t.Errorf("Wait returned %v after the slot", now.Sub(at))
		}
		s.do(slot.Wait(t.Context()))
		if late := time.Since(at); late != 5*time.Millisecond {
			t.Errorf("two that were due together started %v apart, want half of 10ms", late)
		}
		time.Sleep(6 * time.Millisecond)
		if err := slot.Wait(t.Context()); !errors.Is(err, ErrStale) {
			t.Errorf("Wait after 11ms gave %v, want %v", err, ErrStale)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		slot.Start = at.Add(time.Hour)
		if err := slot.Wait(ended); !errors.Is(err, context.Canceled) {
			t.Errorf("Wait with an ended context gave %v", err)
		}
	})
}

// Slots whose answer came late are lost; they are not used later, all at once.
func TestSlowRedisBunchesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client := bubbleRedis(t)
		slow := &late{by: 4 * time.Millisecond}
		client.AddHook(slow)
		here := lane(t, "qlara.whatsapp", "100/1s")
		c := &crew{pacer: New(client, Options{}).Pacer(here, account(t)), workers: 20, busy: 20 * time.Millisecond}
		c.work(t, 2*time.Second)
		if n := len(c.starts); n < 190 {
			t.Errorf("%d starts in 2s with answers that take 4ms, want 190 or more", n)
		}
		slow.by = 60 * time.Millisecond
		p := New(client, Options{}).Pacer(here, account(t))
		began := time.Now()
		_, err := p.Turn(t.Context(), Scope{})
		var far *WaitError
		if !errors.As(err, &far) || far.Cause != TooSlow || !strings.Contains(err.Error(), "Redis answers too late") {
			t.Errorf("with answers that take 60ms Turn gave %v, want that Redis is too slow", err)
		}
		if took := time.Since(began); took > patience+200*time.Millisecond {
			t.Errorf("Turn said so after %v, want some %v", took, patience)
		}
		checkWindows(t, c.starts, here.Limits)
	})
}

// late is a hook that delays every answer.
type late struct{ by time.Duration }

func (l *late) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l *late) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (l *late) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, c redis.Cmder) error {
		err := next(ctx, c)
		time.Sleep(l.by)
		return err
	}
}
