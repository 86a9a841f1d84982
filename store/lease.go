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

// Resign gives the right to act back, if this holder has it: another need not wait until
// it has run out.
func (s *Store) Resign(ctx context.Context, holder string) error {
	if err := s.scripts.resign.Run(ctx, s.client, []string{keyLease}, holder).Err(); err != nil {
		return fmt.Errorf("give the scheduler's lease back: %w", err)
	}
	return nil
}
