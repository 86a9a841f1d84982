package scheduler

import (
	"context"
	"errors"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// atOnce is how many records are read and judged together.
const atOnce = 250

// rings is how many batches of one clock are rung before lines are fed again.
const rings = 4

// ring tells messages whose alarm is due, and says whether some were left for the next
// round. An alarm whose record has moved meanwhile is void: whoever moved it has armed
// the next.
func (s *Scheduler) ring(ctx context.Context, clocks []fallback.Head) (more bool, err error) {
	if len(clocks) == 0 {
		return false, nil
	}
	for _, h := range clocks {
		full := true
		for range rings {
			records, err := s.Ledger.Due(ctx, h, atOnce)
			if err != nil {
				return false, err
			}
			full = len(records) == atOnce
			if records, err = s.awake(ctx, records); err != nil {
				return false, err
			}
			if err := s.judge(ctx, records, fallback.OnAlarm); err != nil {
				return false, err
			}
			if !full {
				break
			}
		}
		more = more || full
	}
	return more, s.Ledger.Settle(ctx, clocks)
}

// judge tells records an event. What could not be performed is healed by line or
// clock; what could not be saved is worth a line in the log.
func (s *Scheduler) judge(ctx context.Context, records []fallback.Record, kind fallback.EventKind) error {
	if len(records) == 0 {
		return nil
	}
	s.moved = true
	results, err := s.Door.Judge(ctx, s.Now(), records, kind)
	if err != nil {
		return err
	}
	for _, r := range results {
		if r.Err != nil && !errors.Is(r.Err, fallback.ErrStale) {
			return r.Err
		}
	}
	return nil
}

// cancel tells every open message of the campaigns that were cancelled.
func (s *Scheduler) cancel(ctx context.Context) error {
	numbers, err := s.Ledger.Cancelling(ctx)
	for _, n := range numbers {
		failed := s.cancelOne(ctx, n)
		if failed == nil {
			failed = s.Ledger.CancelDone(ctx, n)
		}
		err = errors.Join(err, failed)
	}
	return err
}

func (s *Scheduler) cancelOne(ctx context.Context, n campaign.Number) error {
	orders := make([]fallback.Order, 0, atOnce)
	flush := func() error {
		if len(orders) == 0 {
			return nil
		}
		results, err := s.Door.Advance(ctx, s.Now(), orders...)
		for _, r := range results {
			err = errors.Join(err, r.Err)
		}
		orders = orders[:0]
		return err
	}
	err := s.Ledger.Each(ctx, n, func(r *fallback.Record) error {
		if !r.State.Phase.Open() {
			return nil
		}
		orders = append(orders, fallback.Order{ID: r.ID, Event: fallback.Event{Kind: fallback.OnCancel}})
		if len(orders) < atOnce {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}
