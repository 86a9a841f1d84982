package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Outboxes gives those in which news is due, and how long none will be in the others;
// negative: there are no others. That of a campaign which is gone is taken out of the index.
func (s *Store) Outboxes(ctx context.Context) (list []Outbox, next time.Duration, err error) {
	const most = 1000
	answer, err := s.scripts.heads.Run(ctx, s.client, []string{indexOutbox}, most).Slice()
	if err != nil || len(answer) != 2 {
		return nil, 0, fmt.Errorf("read the index of outboxes: %w", orUnexpected(err))
	}
	found, _ := answer[1].([]any)
	for i := 0; i+1 < len(found); i += 2 {
		name, _ := found[i].(string)
		switch o, err := s.Outbox(ctx, name); {
		case fallback.Absent(err):
			if err := s.client.ZRem(ctx, indexOutbox, name).Err(); err != nil {
				return nil, 0, fmt.Errorf("take %s out of the index of outboxes: %w", name, err)
			}
		case err != nil:
			s.log.Error("an outbox is passed over", "outbox", name, "error", err)
		default:
			list = append(list, o)
		}
	}
	soon, _ := answer[0].(int64)
	return list, time.Duration(soon) * time.Millisecond, nil
}

// Outbox gives an outbox by its name; fallback.ErrNoCampaign: its campaign is gone.
func (s *Store) Outbox(ctx context.Context, name string) (Outbox, error) {
	if receiver, is := strings.CutPrefix(name, inbox); is {
		return Outbox{Receiver: receiver}, nil
	}
	h, ok := parseHead(name, campaign.Lane{})
	if !ok {
		return Outbox{}, fmt.Errorf("outbox %q: %w", name, fallback.ErrNoCampaign)
	}
	c, err := s.lookup(ctx, h.Campaign)
	return Outbox{Campaign: c, shard: shard{h.Campaign, h.Shard}}, err
}

// RestOutbox has an outbox not be due before a time, unless news comes.
func (s *Store) RestOutbox(ctx context.Context, o Outbox, until time.Time) error {
	err := s.client.ZAddXX(ctx, indexOutbox, redis.Z{Score: float64(until.UnixMilli()), Member: o.Name()}).Err()
	if err != nil {
		return fmt.Errorf("let %s rest: %w", o.Name(), err)
	}
	return nil
}

// lowerOutbox tells the index of news, where it lies on another server than the shard. What
// a crash leaves out here, a sweep finds.
func (s *Store) lowerOutbox(ctx context.Context, r *road, moves []saving, now int64) {
	if !r.tells {
		return
	}
	for i := range moves {
		if newsOf(moves[i].Move) == "" {
			continue
		}
		if err := s.client.ZAddLT(ctx, indexOutbox, redis.Z{Score: float64(now), Member: r.tag()}).Err(); err != nil {
			s.log.Warn("index of outboxes not lowered; the next sweep heals it", "shard", r.tag(), "error", err)
		}
		return
	}
}

// settleOutboxes enters a campaign's outboxes into the index.
func (s *Store) settleOutboxes(ctx context.Context, c *Campaign) error {
	if !s.tells(c) {
		return nil
	}
	for _, sh := range c.all() {
		if err := s.settle(ctx, sh.outbox(), indexOutbox, sh.tag()); err != nil {
			return err
		}
	}
	return nil
}

// settleInboxes enters the outboxes of what people wrote into the index.
func (s *Store) settleInboxes(ctx context.Context) error {
	receivers, err := s.client.SMembers(ctx, keyInboxes).Result()
	if err != nil {
		return fmt.Errorf("read for whom people wrote something: %w", err)
	}
	for _, receiver := range receivers {
		o := Outbox{Receiver: receiver}
		outbox, _, _ := o.keys()
		if err := s.settle(ctx, outbox, indexOutbox, o.Name()); err != nil {
			return err
		}
	}
	return nil
}
