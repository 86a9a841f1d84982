package web

import (
	"context"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

// shared is something that many pages read within a moment: it is read once for all.
type shared[T any] struct {
	mu   sync.Mutex
	at   time.Time // when it was read; zero: never
	last T
}

// freshFor is how long what was read is shown to others.
const freshFor = 500 * time.Millisecond

// get gives what was read just now, or reads it.
func (s *shared[T]) get(ctx context.Context, now time.Time, read func(context.Context) (T, error)) (T, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if since := now.Sub(s.at); !s.at.IsZero() && since >= 0 && since < freshFor {
		return s.last, nil
	}
	v, err := read(ctx)
	if err == nil {
		s.last, s.at = v, now
	}
	return v, err
}

// lanes are the lanes as all pages show them; they are the same for every role. What is read
// feeds the chart of sends.
func (d *Dashboard) lanes(ctx context.Context) ([]client.Lane, error) {
	return d.laneList.get(ctx, d.now(), func(ctx context.Context) ([]client.Lane, error) {
		lanes, err := d.client.Lanes(ctx)
		if err == nil {
			d.ring.add(d.now(), lanes)
		}
		return lanes, err
	})
}
