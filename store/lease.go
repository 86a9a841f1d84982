package store

import (
	"context"
	"fmt"
	"time"
)

// Lease takes or renews the right to act as the scheduler. Two that both believe they
// have it for a moment do no harm: each move is a compare-and-set.
func (s *Store) Lease(ctx context.Context, holder string, d time.Duration) (bool, error) {
	got, err := s.scripts.lease.Run(ctx, s.client, []string{keyLease}, holder, d.Milliseconds()).Int()
	if err != nil {
		return false, fmt.Errorf("take the scheduler's lease: %w", err)
	}
	return got == 1, nil
}
