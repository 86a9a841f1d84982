package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// anewMost is how much news becomes due in one call.
const anewMost = 1000

// TellAnew has all news that waits for a receiver be due now, of these campaigns and of
// what people wrote, and says how much that is.
func (s *Store) TellAnew(ctx context.Context, receiver string, campaigns []campaign.Number) (n int, err error) {
	list := []Outbox{{Receiver: receiver}}
	for _, number := range campaigns {
		c, err := s.lookup(ctx, number)
		if err != nil {
			return n, err
		}
		list = append(list, c.outboxes()...)
	}
	for _, o := range list {
		outbox, _, _ := o.keys()
		for more := anewMost; more == anewMost; {
			if more, err = s.scripts.anew.Run(ctx, s.client, []string{outbox}, anewMost).Int(); err != nil {
				return n, fmt.Errorf("have the news of %s told anew: %w", o.Name(), err)
			}
		}
		due, err := s.client.ZCard(ctx, outbox).Result()
		if err == nil {
			err = s.settle(ctx, outbox, indexOutbox, o.Name())
		}
		if err != nil {
			return n, fmt.Errorf("have the news of %s told anew: %w", o.Name(), err)
		}
		n += int(due)
	}
	return n, nil
}

// TellAgain puts the news of a campaign's messages that closed since a time into its
// outboxes once more, for a receiver that lost it, and says how much that is.
func (s *Store) TellAgain(ctx context.Context, n campaign.Number, since time.Time) (count int, err error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return 0, err
	}
	byShard := map[shard][]redis.Z{}
	now := s.now()
	put := func(sh shard) error {
		if err := s.client.ZAddNX(ctx, sh.outbox(), byShard[sh]...).Err(); err != nil {
			return fmt.Errorf("tell the news of campaign %q again: %w", c.ID, err)
		}
		count += len(byShard[sh])
		byShard[sh] = byShard[sh][:0]
		return nil
	}
	err = s.Each(ctx, n, func(r *fallback.Record) error {
		if r.Closed.IsZero() || r.Closed.Before(since) || r.State.Marks.Has(fallback.Erased) {
			return nil
		}
		sh := c.shardOf(r.ID)
		news := fallback.News{Message: r.ID, Kind: fallback.NewsClosed, Phase: r.State.Phase, Leg: r.State.Leg, Try: r.State.Try, At: r.Closed}
		if byShard[sh] = append(byShard[sh], redis.Z{Score: float64(now.UnixMilli()), Member: encodeNews(news, now)}); len(byShard[sh]) < callMost {
			return nil
		}
		return put(sh)
	})
	for sh, left := range byShard {
		if err == nil && len(left) > 0 {
			err = put(sh)
		}
	}
	if err != nil {
		return count, err
	}
	return count, s.settleOutboxes(ctx, c)
}
