package store

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/fallback"
)

// controlStays is for how long a shard remembers, after its campaign was forgotten, that it
// takes nobody.
const controlStays = time.Hour

// expire forgets a campaign that is over once its retention has passed, and says when it is
// to be looked at again; gone: it is forgotten. What is left is its definition, under which
// its id stays taken: a definition never changes, for every process keeps what it once read.
func (s *Store) expire(ctx context.Context, c *Campaign, now time.Time) (gone bool, next time.Time, err error) {
	next = now.Add(c.Retention)
	st, err := s.Status(ctx, c.ID)
	if err != nil {
		return false, next, err
	}
	over := st.State == Finished || st.State == Cancelled && st.Counts.Open() == 0
	if c.Standing { // its messages leave one by one, and the index with them
		over = over && st.Summary().Accepted == 0
	}
	if !over || st.Importing {
		return false, next, nil
	}
	end := *st.Summary().FinishedAt
	if next = end.Add(c.Retention); next.After(now) {
		return false, next, nil
	}
	for _, sh := range c.all() {
		empty, err := s.expireShard(ctx, c, sh)
		if err != nil || !empty { // a retry has just opened it again
			return false, now, err
		}
	}
	return true, next, s.strike(ctx, c)
}

func (s *Store) expireShard(ctx context.Context, c *Campaign, sh shard) (empty bool, err error) {
	keys := []string{sh.control(), sh.counts(), sh.messages(), sh.clock(), sh.outbox(), sh.told()}
	args := []any{controlStays.Milliseconds()}
	for leg := range c.Route {
		keys = append(keys, sh.line(leg))
		for p := fallback.Scheduled; p.Open(); p++ {
			args = append(args, field(fallback.Count{What: fallback.InPhase, Leg: uint8(leg), By: uint8(p)}))
		}
	}
	return s.scripts.expire.Run(ctx, s.client, keys, args...).Bool()
}

// strike takes a campaign out of the register.
func (s *Store) strike(ctx context.Context, c *Campaign) error {
	number := c.Number.String()
	text, err := s.client.HGet(ctx, keyCampaigns, number).Result()
	if err != nil {
		return fmt.Errorf("strike campaign %q: %w", c.ID, err)
	}
	_, err = s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, keyForgotten, number, text)
		p.HDel(ctx, keyCampaigns, number)
		p.Del(ctx, keyState(c.Number), keyImports(c.Number), keyImporting(c.Number), keyRejects(c.Number))
		p.SRem(ctx, keyCancelling, number)
		unpatch(ctx, p, c.Number)
		return nil
	})
	if err != nil {
		return fmt.Errorf("strike campaign %q: %w", c.ID, err)
	}
	return nil
}
