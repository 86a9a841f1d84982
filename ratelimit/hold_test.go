package ratelimit

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoffSteps(t *testing.T) {
	t.Parallel()
	const s = time.Second
	for _, c := range []struct {
		what   string
		b      backoff
		random float64
		want   []time.Duration
	}{
		{"429", throttled, 0, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 60 * s}},
		{"429 with jitter", throttled, 0.8, []time.Duration{s * 12 / 10, s * 24 / 10, s * 48 / 10, s * 96 / 10, s * 192 / 10, s * 384 / 10, 60 * s}},
		{"sick", sick, 0, []time.Duration{2 * s, 4 * s, 8 * s, 16 * s, 20 * s}},
	} {
		if got := c.b.steps(c.random); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// scene is a lane in a bubble.
type scene struct {
	t       *testing.T
	limiter *Limiter
	query   Query
}

func newScene(t *testing.T) *scene {
	_, client := bubbleRedis(t)
	l := New(client, Options{Random: func() float64 { return 0 }})
	return &scene{t, l, Query{Lane: lane(t, "qlara.whatsapp", "100/1s"), Account: account(t)}}
}

func (s *scene) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// want compares what stands in the way now.
func (s *scene) want(cause Cause, reason string, wait time.Duration) {
	s.t.Helper()
	got, err := s.limiter.Status(s.t.Context(), []Query{s.query})
	s.do(err)
	if g := got[0]; g.Cause != cause || g.Reason != reason || g.Wait != wait {
		s.t.Errorf("%v, wait %v; want cause %q, reason %q, wait %v", g.Obstacle, g.Wait, cause, reason, wait)
	}
}

// book books one slot and reports on it.
func (s *scene) book(ok bool) grant {
	s.t.Helper()
	g, err := s.limiter.book(s.t.Context(), request{scopes: s.query.scopes(), want: 10, waiting: 10})
	s.do(err)
	for i, b := range g.blocks {
		if ok {
			s.do(s.limiter.report(s.t.Context(), report{block: b, ok: len(g.slots), mark: uint64(g.now.UnixMicro() + int64(i))}))
		}
	}
	return g
}

func TestHoldsExtendAndNeverShorten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ctx := newScene(t), t.Context()
		s.want(None, "", 0)
		began := time.Now()
		s.do(s.limiter.Hold(ctx, s.query.Lane, 10*time.Second, "first"))
		s.do(s.limiter.Hold(ctx, s.query.Lane, 5*time.Second, "shorter"))
		s.want(Held, "first", 10*time.Second)
		time.Sleep(4 * time.Second)
		s.do(s.limiter.Hold(ctx, s.query.Lane, 10*time.Second, "longer"))
		s.want(Held, "longer", 10*time.Second)
		s.do(s.limiter.Hold(ctx, s.query.Account, 20*time.Second, "account"))
		s.want(Held, "account", 20*time.Second)
		time.Sleep(5 * time.Second)
		got, err := s.limiter.Status(ctx, []Query{{Lane: s.query.Lane, Account: Account("other")}})
		s.do(err)
		if since := got[0].Since; !since.Equal(began.Truncate(time.Microsecond)) || got[0].Wait != 5*time.Second {
			t.Errorf("held since %v for another %v, want since %v for 5s", since, got[0].Wait, began)
		}
		time.Sleep(15 * time.Second)
		s.want(None, "", 0)
	})
}

func TestWhatAHoldAddsIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ctx := newScene(t), t.Context()
		told := map[string]time.Duration{}
		s.limiter.held = func(_ Scope, reason string, longer time.Duration) { told[reason] += longer }
		s.do(s.limiter.Hold(ctx, s.query.Lane, 10*time.Second, "first"))
		s.do(s.limiter.Hold(ctx, s.query.Lane, 5*time.Second, "shorter"))
		time.Sleep(4 * time.Second)
		s.do(s.limiter.Hold(ctx, s.query.Lane, 10*time.Second, "longer"))
		s.do(s.limiter.Throttle(ctx, s.query.Lane)) // while it is held that does nothing
		want := map[string]time.Duration{"first": 10 * time.Second, "longer": 4 * time.Second}
		if !maps.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

func TestBackoffGrowsAndIsReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		throttle := hold{scope: s.query.Lane, steps: throttled, reason: ReasonThrottled}
		for _, seconds := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
			for range 3 { // three requests were under way
				s.do(s.limiter.hold(t.Context(), throttle))
			}
			d := time.Duration(seconds) * time.Second
			s.want(Held, "429", d)
			time.Sleep(d)
			s.book(false)
		}
		time.Sleep(twinLost)
		s.book(true)
		s.do(s.limiter.hold(t.Context(), throttle))
		s.want(Held, "429", time.Second)
	})
}

func TestPauseIsAnsweredWhenLeasesAreVoid(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ctx := newScene(t), t.Context()
		began := time.Now()
		last := s.book(true).slots
		s.do(s.limiter.Pause(ctx, s.query.Lane, "template is unknown", "cascade"))
		if until := last[len(last)-1]; time.Now().Before(until) {
			t.Errorf("pause was answered %v before a slot began", time.Until(until))
		}
		if took := time.Since(began); took != lease {
			t.Errorf("pause took %v, want %v", took, lease)
		}
		s.want(Paused, "template is unknown", Forever)
		s.do(s.limiter.Pause(ctx, s.query.Lane, "maintenance", "ann"))
		time.Sleep(50 * time.Hour)
		s.want(Paused, "maintenance", Forever)
		s.do(s.limiter.Hold(ctx, s.query.Lane, time.Minute, "429"))
		s.do(s.limiter.Release(ctx, s.query.Lane))
		s.want(Held, "429", time.Minute)
		time.Sleep(time.Minute)
		if n := len(s.book(false).slots); n != 1 {
			t.Errorf("%d slots after a pause, want 1", n)
		}

		cut, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		if err := s.limiter.Pause(cut, s.query.Account, "", "ann"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a pause that could not wait gave %v", err)
		}
	})
}

func TestGentleStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t)
		s.do(s.limiter.Hold(t.Context(), s.query.Lane, time.Second, "429"))
		time.Sleep(time.Second)
		if n := len(s.book(true).slots); n != 1 {
			t.Errorf("first block has %d slots, want 1", n)
		}
		time.Sleep(time.Second)
		lost := s.book(false) // nobody reports on the second block
		s.want(Starting, "", twinPoll)
		time.Sleep(twinLost)
		again := s.book(true)
		if len(lost.slots) != 2 || len(again.slots) != 2 {
			t.Errorf("second block has %d slots, and %d when begun again, want 2", len(lost.slots), len(again.slots))
		}
		s.do(s.limiter.report(t.Context(), report{block: lost.blocks[0], ok: 2, mark: 99}))
		time.Sleep(time.Second)
		third := s.book(true)
		if len(third.slots) != 4 {
			t.Errorf("third block has %d slots, want 4", len(third.slots))
		}
		time.Sleep(time.Second)
		if g := s.book(true); len(g.slots) != 5 || len(g.blocks) != 0 {
			t.Errorf("then %d slots in %d blocks, want 5 in none: a lease of 100/s holds 5", len(g.slots), len(g.blocks))
		}
	})
}
