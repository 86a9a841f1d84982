package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Outside is how a receiver outside stands; the zero value is that of one that is well.
type Outside struct {
	Failing time.Time // since when it has taken nothing
	Held    time.Time // it is left alone until then
	Gone    time.Time // when it said that it wants nothing any more
	Error   string
}

// OutsideOf gives how receivers stand, by name.
func (s *Store) OutsideOf(ctx context.Context, names ...string) (map[string]Outside, error) {
	answers := make([]*redis.MapStringStringCmd, len(names))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, name := range names {
			answers[i] = p.HGetAll(ctx, keyOutside(name))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read how %d receivers stand: %w", len(names), err)
	}
	all := make(map[string]Outside, len(names))
	for i, name := range names {
		v := answers[i].Val()
		all[name] = Outside{Failing: millis(v["failing"]), Held: millis(v["held"]), Gone: millis(v["gone"]), Error: v["error"]}
	}
	return all, nil
}

// NoteOutside keeps how a receiver stands.
func (s *Store) NoteOutside(ctx context.Context, name string, o Outside) error {
	_, err := s.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Del(ctx, keyOutside(name))
		for field, at := range map[string]time.Time{"failing": o.Failing, "held": o.Held, "gone": o.Gone} {
			if !at.IsZero() {
				p.HSet(ctx, keyOutside(name), field, at.UnixMilli())
			}
		}
		if o.Error != "" {
			p.HSet(ctx, keyOutside(name), "error", o.Error)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note how receiver %s stands: %w", name, err)
	}
	return nil
}

// NewsCounts is what became of news, and how much waits.
type NewsCounts struct{ Waiting, Delivered, GivenUp, Dropped int }

// Add adds other counts.
func (n *NewsCounts) Add(o NewsCounts) {
	n.Waiting, n.Delivered, n.GivenUp, n.Dropped = n.Waiting+o.Waiting, n.Delivered+o.Delivered, n.GivenUp+o.GivenUp, n.Dropped+o.Dropped
}

// ToldOf counts the news of campaigns.
func (s *Store) ToldOf(ctx context.Context, numbers ...campaign.Number) (NewsCounts, error) {
	var list []Outbox
	for _, n := range numbers {
		c, err := s.lookup(ctx, n)
		if err != nil {
			return NewsCounts{}, err
		}
		list = append(list, c.outboxes()...)
	}
	return s.toldIn(ctx, list)
}

// ToldInbound counts what people wrote for a receiver.
func (s *Store) ToldInbound(ctx context.Context, receiver string) (NewsCounts, error) {
	return s.toldIn(ctx, []Outbox{{Receiver: receiver}})
}

func (c *Campaign) outboxes() (list []Outbox) {
	for _, sh := range c.all() {
		list = append(list, Outbox{Campaign: c, shard: sh})
	}
	return list
}

func (s *Store) toldIn(ctx context.Context, list []Outbox) (sum NewsCounts, err error) {
	if len(list) == 0 {
		return sum, nil
	}
	waiting, counts := make([]*redis.IntCmd, len(list)), make([]*redis.MapStringStringCmd, len(list))
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, o := range list {
			outbox, _, told := o.keys()
			waiting[i], counts[i] = p.ZCard(ctx, outbox), p.HGetAll(ctx, told)
		}
		return nil
	})
	if err != nil {
		return sum, fmt.Errorf("count news: %w", err)
	}
	for i := range list {
		of := func(c NewsCount) int {
			n, _ := strconv.Atoi(counts[i].Val()[string(c)]) // what is not there is 0
			return n
		}
		sum.Add(NewsCounts{int(waiting[i].Val()), of(NewsDelivered), of(NewsGivenUp), of(NewsDropped)})
	}
	return sum, nil
}

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
