package ratelimit

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"
)

// When a lane is sick: of the results of the last ten seconds at least half were the
// provider's faults, and at least five; or the last ten were, whatever was before.
const (
	sickWindow = 10 * time.Second
	sickBucket = time.Second
	sickFaults = 5
	sickInARow = 10
)

type counter = gobreaker.CircuitBreaker[struct{}]

var errFault = errors.New("the provider failed")

// breaker only decides that a lane is sick. It never opens for good: when it trips, a
// fresh counter takes its place, and results of requests that began before the trip
// go to the old one, where they change nothing.
type breaker struct {
	tripped func()
	present atomic.Pointer[counter]
}

func newBreaker(tripped func()) *breaker {
	b := &breaker{tripped: tripped}
	b.present.Store(b.fresh())
	return b
}

func (b *breaker) fresh() *counter {
	return gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Interval:     sickWindow,
		BucketPeriod: sickBucket,
		Timeout:      24 * time.Hour, // an old counter stays open until nobody holds it
		ReadyToTrip: func(c gobreaker.Counts) bool {
			return c.ConsecutiveFailures >= sickInARow ||
				c.TotalFailures >= sickFaults && c.TotalFailures >= c.TotalSuccesses
		},
		OnStateChange: func(_ string, _, to gobreaker.State) {
			if to == gobreaker.StateOpen {
				b.present.Store(b.fresh())
				b.tripped()
			}
		},
	})
}

// counter is where the result of a request that begins now is to be counted.
func (b *breaker) counter() *counter { return b.present.Load() }

// count counts a result. An old counter refuses it, which is what is wanted.
func count(c *counter, fault bool) {
	_, _ = c.Execute(func() (struct{}, error) {
		if fault {
			return struct{}{}, errFault
		}
		return struct{}{}, nil
	})
}
