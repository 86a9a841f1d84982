package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// Slot is leave to start one request, once, at a certain time. It is good for 10 ms, but
// not for longer than its lease.
type Slot struct {
	Start time.Time // by the local clock; at most some 41 ms ahead when Turn returns

	void    time.Time // when it is given up
	blocks  []block   // the gentle starts that wait for its result
	counter *counter  // of the breaker
	pacer   *Pacer
}

// Wait returns at the slot's start, or an error of ctx, or ErrStale if that time has
// passed. After a stall the starts that are due at once leave at twice the pace.
func (s Slot) Wait(ctx context.Context) error {
	if err := sleep(ctx, s.Start.Sub(s.pacer.limiter.now())); err != nil {
		return fmt.Errorf("wait for the slot: %w", err)
	}
	now := s.pacer.limiter.now()
	if err := s.Check(now); err != nil {
		return err
	}
	if err := sleep(ctx, s.pacer.starts.ReserveN(now, 1).DelayFrom(now)); err != nil {
		return fmt.Errorf("wait for the slot: %w", err)
	}
	return s.Check(s.pacer.limiter.now())
}

// Check says whether a request may still start now: ErrStale if not. It believes the
// later of monotonic and wall time, for a suspended machine's monotonic clock stands
// still. It is to be asked right before the request's first byte.
func (s Slot) Check(now time.Time) error {
	if now.After(s.void) || now.Round(0).After(s.void.Round(0)) {
		return ErrStale
	}
	return nil
}

// Result is what became of a slot's request.
type Result struct {
	Kind       ResultKind
	RetryAfter time.Duration // Throttled: how long the provider asked to wait; 0: it gave no hint
	Account    bool          // Throttled: the whole account, not only this lane
}

// ResultKind is what a result says about the lane.
type ResultKind uint8

// The kinds of results.
const (
	Neutral   ResultKind = iota // nothing: no request was made, or it says nothing about the provider
	OK                          // the provider works; it may have refused this recipient
	Fault                       // 5xx, a connection error, a timeout: counts against the breaker
	Throttled                   // 429: the lane or the account is held
)
