package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// How records are looked through for what was kept long enough: a page at a time, with
// a pause after each, so that nobody feels it.
const (
	tidyPage  = 500
	tidyPause = 20 * time.Millisecond
	tidyAgain = 10 * time.Minute // at the earliest
)

// tidy remembers when each campaign is worth looking through again. What closes after a
// look is kept for at least the shorter of two times, so there is no need to look often,
// and no index of what is closed.
type tidy struct {
	mu   sync.Mutex
	next map[campaign.Number]time.Time
}

func (t *tidy) due(n campaign.Number, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !now.Before(t.next[n])
}

func (t *tidy) set(n campaign.Number, next time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next == nil {
		t.next = map[campaign.Number]time.Time{}
	}
	t.next[n] = next
}

// Tidy forgets campaigns that are over after their retention, the closed messages of
// standing ones, and the variables of messages that can no longer be retried. It moves no message: what it takes
// away has no part in any phase.
func (s *Store) Tidy(ctx context.Context) error {
	list, err := s.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		now := s.now()
		if !s.tidy.due(c.Number, now) {
			continue
		}
		gone, next, err := s.expire(ctx, c, now)
		if err == nil && !gone {
			next, err = s.tidyCampaign(ctx, c, now, next)
		}
		if err != nil && !errors.Is(err, fallback.ErrNoCampaign) { // else it is just being created
			return fmt.Errorf("tidy campaign %q: %w", c.ID, err)
		}
		s.tidy.set(c.Number, next)
	}
	return nil
}

// tidyCampaign looks through one campaign, if it has anything to look at, and says when
// the next look is worth it: at the latest at this time.
func (s *Store) tidyCampaign(ctx context.Context, c *Campaign, now, latest time.Time) (next time.Time, err error) {
	b := &broom{store: s, campaign: c, now: now, next: now.Add(c.RetryWithin)}
	if latest.Before(b.next) {
		b.next = latest
	}
	counts, _, err := s.Counts(ctx, c.Number)
	if err != nil {
		return next, err
	}
	if b.concerns(counts) {
		if err := s.Each(ctx, c.Number, func(r *fallback.Record) error { return b.take(ctx, r) }); err != nil {
			return next, err
		}
		err = b.sweep(ctx)
	}
	if soon := now.Add(tidyAgain); b.next.Before(soon) {
		b.next = soon
	}
	return b.next, err
}

// broom is one look through a campaign.
type broom struct {
	store    *Store
	campaign *Campaign
	now      time.Time
	next     time.Time
	seen     int
	forget   []fallback.Record
	drop     []fallback.Move
}

// concerns says whether anything may be there to forget.
func (b *broom) concerns(n fallback.Counts) bool {
	closed := n.Phase(fallback.Failed) + n.Phase(fallback.Unconfirmed) + n.Phase(fallback.Expired)
	if b.campaign.Standing {
		closed += n.Phase(fallback.Delivered) + n.Phase(fallback.Cancelled) + n.Phase(fallback.Suppressed)
	}
	return closed > 0
}

func (b *broom) take(ctx context.Context, r *fallback.Record) error {
	switch {
	case r.State.Phase.Open():
	case b.campaign.Standing && b.over(r.Closed.Add(b.campaign.Retention)):
		b.forget = append(b.forget, *r)
	case len(r.Variables) > 0 && b.over(r.Closed.Add(b.campaign.RetryWithin)):
		before, after := *r, *r
		after.Variables, after.Stamp = nil, fallback.Stamp(rand.Uint64()|1)
		b.drop = append(b.drop, fallback.Move{Before: &before, After: &after, Place: fallback.Place{Kind: fallback.Kept}})
	}
	if b.seen++; b.seen%tidyPage != 0 {
		return nil
	}
	if err := b.sweep(ctx); err != nil {
		return err
	}
	select {
	case <-time.After(tidyPause):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// over says whether a time has come, and notes it as the next one if not.
func (b *broom) over(at time.Time) bool {
	if !at.After(b.now) {
		return true
	}
	if at.Before(b.next) {
		b.next = at
	}
	return false
}

// sweep does what take has found.
func (b *broom) sweep(ctx context.Context) error {
	var failed error
	for _, err := range b.store.Save(ctx, b.drop) {
		if err != nil && !errors.Is(err, fallback.ErrStale) { // else it has just been retried, or marked
			failed = err
		}
	}
	b.drop = b.drop[:0]
	if failed != nil || len(b.forget) == 0 {
		return failed
	}
	defer func() { b.forget = b.forget[:0] }()
	return b.store.forget(ctx, b.campaign, b.forget)
}

// forget takes records out of the ledger, with what they add to the counts, and then out
// of the index by which a STOP would find them.
func (s *Store) forget(ctx context.Context, c *Campaign, list []fallback.Record) error {
	args := map[shard][]any{}
	for i := range list {
		r := &list[i]
		tally := fallback.Tally(r)
		sh := c.shardOf(r.ID)
		args[sh] = append(args[sh], string(r.ID[:]), stampBytes(r.Stamp), len(tally))
		for count, n := range tally {
			args[sh] = append(args[sh], field(count), n)
		}
	}
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for sh, some := range args {
			s.scripts.forget.Eval(ctx, p, []string{sh.messages(), sh.counts()}, some...)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget %d messages: %w", len(list), err)
	}
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range list {
			p.ZRem(ctx, keyPerson(s.idKey.Person(list[i].To)), string(list[i].ID[:]))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take %d messages out of the index: %w", len(list), err)
	}
	return nil
}
