package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestBreakerDecidesThatALaneIsSick(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what    string
		results string // o: ok, f: fault, s: a second passes
		trips   int
	}{
		{"four faults are too few", "ffff", 0},
		{"five faults", "fffff", 1},
		{"half of the results", "ooooofffff", 1},
		{"less than half", "oooooofffff", 0},
		{"nine in a row after many that went well", "oooooooooooofffffffff", 0},
		{"ten in a row after many that went well", "ooooooooooooffffffffff", 1},
		{"faults long ago are forgotten", "ffffssssssssssssf", 0},
		{"it counts anew after a trip", "fffffffff", 1},
		{"and trips again", "ffffffffff", 2},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				trips := 0
				b := newBreaker(func() { trips++ })
				for _, r := range c.results {
					if r == 's' {
						time.Sleep(time.Second) // the bubble's clock, not a wait
						continue
					}
					count(b.counter(), r == 'f')
				}
				if trips != c.trips {
					t.Errorf("%s tripped %d times, want %d", c.results, trips, c.trips)
				}
			})
		})
	}
}

func TestResultsFromBeforeATripChangeNothing(t *testing.T) {
	t.Parallel()
	trips := 0
	b := newBreaker(func() { trips++ })
	old := b.counter()
	for range 50 {
		count(old, true)
	}
	if trips != 1 {
		t.Errorf("50 faults of requests that began together tripped %d times, want once", trips)
	}
}
