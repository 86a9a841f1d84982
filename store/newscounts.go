package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

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

// toldIn counts the news in outboxes, so many at once that others get a word in.
func (s *Store) toldIn(ctx context.Context, list []Outbox) (sum NewsCounts, err error) {
	for some := range slices.Chunk(list, callMost) {
		n, err := s.toldInSome(ctx, some)
		if err != nil {
			return sum, err
		}
		sum.Add(n)
	}
	return sum, nil
}

func (s *Store) toldInSome(ctx context.Context, list []Outbox) (sum NewsCounts, err error) {
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
