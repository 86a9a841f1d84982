package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// awake gives those of the records whose alarm counts. The others wait for receipts that
// could not come for a time: they are given that time more.
func (s *Scheduler) awake(ctx context.Context, records []fallback.Record) ([]fallback.Record, error) {
	if s.Rest == nil || len(records) == 0 {
		return records, nil
	}
	rests, err := s.Rest(ctx, records, s.Now())
	if err != nil {
		return nil, err
	}
	counts := make([]fallback.Record, 0, len(records))
	var resting []fallback.Record
	var by []time.Duration
	for i, rest := range rests {
		if rest > 0 {
			resting, by = append(resting, records[i]), append(by, rest)
		} else {
			counts = append(counts, records[i])
		}
	}
	if len(resting) == 0 {
		return counts, nil
	}
	results, err := s.Door.PutOff(ctx, s.Now(), resting, by)
	for _, r := range results {
		if !errors.Is(r.Err, fallback.ErrStale) {
			err = errors.Join(err, r.Err)
		}
	}
	return counts, err
}
