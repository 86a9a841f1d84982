package scheduler_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
)

func TestCancelClosesWhatWasNotSent(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		d := newDesk(t, client, 10)
		n := d.campaign("spring", 600)
		d.round()
		if inFlight, err := d.store.Cancel(t.Context(), "spring", "test", ""); err != nil || inFlight != 0 {
			t.Fatalf("cancel: %d in flight, %v", inFlight, err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx) }()
		d.until(n, fallback.Cancelled, 600)
		stop()
		must(t, <-done)
		if problems, err := d.store.Audit(t.Context(), n); err != nil || len(problems) > 0 {
			t.Errorf("audit: %v %v", problems, err)
		}
	})
}

// held is a door that keeps cancels waiting until it is told.
type held struct {
	scheduler.Door
	begun, release chan struct{}
	once           sync.Once
}

func (h *held) Advance(ctx context.Context, now time.Time, orders ...fallback.Order) ([]fallback.Result, error) {
	h.once.Do(func() { close(h.begun) })
	<-h.release
	return h.Door.Advance(ctx, now, orders...)
}

// However long it takes to close a cancelled campaign, the others are served meanwhile.
func TestALongCancelKeepsNobodyWaiting(t *testing.T) {
	each(t, func(t *testing.T, client redis.UniversalClient) {
		d := newDesk(t, client, 100)
		door := &held{Door: d.door, begun: make(chan struct{}), release: make(chan struct{})}
		d.Door = door
		large := d.campaign("large", 600)
		_, err := d.store.Cancel(t.Context(), "large", "test", "wrong file")
		must(t, err)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- d.Run(ctx) }()
		<-door.begun
		for i := range 3 { // one after the other: rounds go on and on
			n := d.campaign(fmt.Sprintf("small-%d", i), 5)
			d.until(n, fallback.Queued, 5)
		}
		if got := d.counts(large).Phase(fallback.Cancelled); got != 0 {
			t.Errorf("%d are cancelled behind a closed door", got)
		}
		close(door.release)
		d.until(large, fallback.Cancelled, 600)
		stop()
		must(t, <-done)
	})
}
