package ratelimit

import (
	"context"
	"fmt"
)

// report tells a gentle start what became of slots of its block. A block that is over
// takes no notice, and a report that is repeated counts once.
func (l *Limiter) report(ctx context.Context, r report) error {
	s := r.block.scope
	_, err := l.call(ctx, reportScript, []string{s.state(), reportKey(r.mark)}, r.block.id, r.ok, r.unused, s.Limits.largestBlock())
	if err != nil {
		return fmt.Errorf("report on the gentle start of %s: %w", s, err)
	}
	return nil
}
