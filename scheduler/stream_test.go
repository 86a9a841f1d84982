package scheduler_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
)

// stream is a line of people who are due one right after the other. It is the door to
// them too.
type stream struct {
	quiet
	scheduler.Door
	due  []time.Time // of those in line
	late []time.Duration
}

func (s *stream) Heads(context.Context, []campaign.Lane) (clocks []fallback.Head, lines [][]fallback.Head, next time.Duration, err error) {
	switch wait := time.Until(s.due[0]); {
	case wait > 0:
		return nil, make([][]fallback.Head, 1), wait, nil
	default:
		return nil, [][]fallback.Head{{{Campaign: 1, Lane: lane, Due: s.due[0]}}}, -1, nil
	}
}

func (s *stream) Running(context.Context, []campaign.Number) (map[campaign.Number]bool, error) {
	return map[campaign.Number]bool{1: true}, nil
}

func (s *stream) Due(_ context.Context, _ fallback.Head, n int) ([]fallback.Record, error) {
	due := slices.IndexFunc(s.due, func(at time.Time) bool { return time.Until(at) > 0 })
	return make([]fallback.Record, min(n, due)), nil
}

func (s *stream) Judge(_ context.Context, now time.Time, records []fallback.Record, _ fallback.EventKind) ([]fallback.Result, error) {
	for range records {
		s.late = append(s.late, now.Sub(s.due[0]))
		s.due = s.due[1:]
	}
	return nil, nil
}

// Who is due a moment after the others waits for a moment, and not until the scheduler
// would have looked anyway.
func TestAStreamOfPeopleIsServedAsTheyAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &stream{quiet: quiet{holder: "one"}}
		for i := range 2000 {
			s.due = append(s.due, time.Now().Add(time.Second+time.Duration(i)*2*time.Millisecond))
		}
		s.due = append(s.due, time.Now().Add(time.Hour))
		sched := scheduler.New(scheduler.Options{Name: "one", Ledger: s, Door: s, Lanes: []scheduler.Lane{{Lane: lane, Ahead: 100}},
			Depths: func(context.Context, []campaign.Lane) ([]int, error) { return []int{0}, nil },
			Wait:   func(context.Context, []scheduler.Turn) ([]time.Duration, error) { return []time.Duration{0}, nil },
			Log:    slog.New(slog.DiscardHandler)})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- sched.Run(ctx) }()
		time.Sleep(6 * time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		if len(s.late) != 2000 {
			t.Fatalf("%d of 2000 were served", len(s.late))
		}
		if worst := slices.Max(s.late); worst > 20*time.Millisecond {
			t.Errorf("somebody waited for %s after their time, want at most 20 ms", worst)
		}
	})
}
