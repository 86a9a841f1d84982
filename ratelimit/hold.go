package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// backoff is an exponential wait.
type backoff struct{ first, last time.Duration }

// A 429 without a hint, and a sick provider. The second ends sooner, so that a backlog
// drains within half a minute after the provider has recovered.
var (
	throttled = backoff{time.Second, time.Minute}
	sick      = backoff{2 * time.Second, 20 * time.Second}
)

// steps are the waits one after the other, each with up to a quarter more of jitter;
// the last one repeats.
func (b backoff) steps(random float64) []time.Duration {
	var steps []time.Duration
	for d := b.first; ; d *= 2 {
		wait := min(b.last, d+time.Duration(float64(d)*random/4))
		steps = append(steps, wait)
		if d >= b.last {
			return steps
		}
	}
}

// hold is an order to hold a scope.
type hold struct {
	scope  Scope
	span   time.Duration // 0: the backoff's next step
	steps  backoff
	reason string
}

// Hold lets nothing start in the scope for this long, in any process, but what has a
// slot already: that may still start within 45 ms. A later hold extends an earlier
// one and never shortens it. After it the scope starts gently.
func (l *Limiter) Hold(ctx context.Context, s Scope, span time.Duration, reason string) error {
	if span <= 0 {
		return nil
	}
	return l.hold(ctx, hold{scope: s, span: span, reason: reason})
}

func (l *Limiter) hold(ctx context.Context, h hold) error {
	args := []any{h.reason, "for", h.span.Microseconds()}
	if h.span == 0 {
		args = []any{h.reason, "backoff"}
		for _, d := range h.steps.steps(l.random()) {
			args = append(args, d.Microseconds())
		}
	}
	f, err := l.call(ctx, holdScript, []string{h.scope.state()}, args...)
	if err != nil {
		return fmt.Errorf("hold %s: %w", h.scope, err)
	}
	if longer := f.span(2); longer > 0 {
		l.log.Warn("held", "scope", h.scope.String(), "for", f.span(1), "reason", h.reason)
		l.held(h.scope, h.reason, longer)
	}
	return nil
}

// Throttle holds the scope as a 429 without a hint does: for a second, and longer each
// time that it comes again without success between. While the scope is held it does
// nothing.
func (l *Limiter) Throttle(ctx context.Context, s Scope) error {
	return l.hold(ctx, hold{scope: s, steps: throttled, reason: ReasonThrottled})
}

// Itself is by whom a scope is paused that no person paused: Cascade pauses what is
// misconfigured.
const Itself = "cascade"

// Pause holds the scope until Release, and returns when nothing can start there any
// more. If it returns an error of ctx, the pause may be written already.
func (l *Limiter) Pause(ctx context.Context, s Scope, reason, by string) error {
	if _, err := l.call(ctx, pauseScript, []string{s.state()}, reason, by); err != nil {
		return fmt.Errorf("pause %s: %w", s, err)
	}
	l.log.Warn("paused", "scope", s.String(), "reason", reason, "by", by)
	if err := sleep(ctx, lease); err != nil {
		return fmt.Errorf("pause %s: written, but leases may run for another 45ms: %w", s, err)
	}
	return nil
}

// Release ends a pause. A hold that a provider asked for, or the breaker, is not
// ended by it. The scope starts gently. Releasing what is not paused does nothing.
func (l *Limiter) Release(ctx context.Context, s Scope) error {
	if _, err := l.call(ctx, releaseScript, []string{s.state()}); err != nil {
		return fmt.Errorf("release %s: %w", s, err)
	}
	l.log.Info("released", "scope", s.String())
	return nil
}

// sleep waits, or returns ctx's error.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
