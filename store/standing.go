package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// Standing is how many messages of one campaign stand in line on one of its legs.
type Standing struct {
	Campaign *Campaign
	State    State // of the campaign: only what runs moves on
	Leg      int
	Messages int
	Due      int       // of them, those whose time has come
	First    time.Time // when the first of them may go, or might have gone
}

// Lane is the lane in whose line they stand.
func (s Standing) Lane() campaign.Lane { return s.Campaign.Route[s.Leg].Lane() }

// lineSize is one line of one shard as it is looked at.
type lineSize struct {
	campaign *Campaign
	leg      int
	key      string
	size     *redis.IntCmd
	due      *redis.IntCmd
	first    *redis.ZSliceCmd
}

// Standings says what stands in line, by campaign and leg, in three round trips; who has
// nobody in line is left out. The second asks only about lines that somebody stands in.
func (s *Store) Standings(ctx context.Context) ([]Standing, error) {
	list, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	lines, now, err := s.lines(ctx, list)
	if err != nil {
		return nil, err
	}
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range lines {
			lines[i].due = p.ZCount(ctx, lines[i].key, "-inf", strconv.FormatInt(now.UnixMilli(), 10))
			lines[i].first = p.ZRangeWithScores(ctx, lines[i].key, 0, 0)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look what is due in %d lines: %w", len(lines), err)
	}
	return s.addUp(ctx, lines)
}

// lines are those in which somebody stands, and what time it is.
func (s *Store) lines(ctx context.Context, list []*Campaign) (some []lineSize, now time.Time, err error) {
	var clock *redis.TimeCmd
	var all []lineSize
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		clock = p.Time(ctx)
		for _, c := range list {
			for _, sh := range c.all() {
				for leg := range c.Route {
					all = append(all, lineSize{campaign: c, leg: leg, key: sh.line(leg), size: p.ZCard(ctx, sh.line(leg))})
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, now, fmt.Errorf("look at the lines of %d campaigns: %w", len(list), err)
	}
	for _, l := range all {
		if l.size.Val() > 0 {
			some = append(some, l)
		}
	}
	return some, clock.Val(), nil
}

// addUp adds up what the shards of a campaign have on each leg.
func (s *Store) addUp(ctx context.Context, lines []lineSize) ([]Standing, error) {
	type place struct {
		number campaign.Number
		leg    int
	}
	at := map[place]int{}
	var found []Standing
	var numbers []campaign.Number
	for _, l := range lines {
		p := place{l.campaign.Number, l.leg}
		i, known := at[p]
		if !known {
			i, at[p] = len(found), len(found)
			found = append(found, Standing{Campaign: l.campaign, Leg: l.leg})
			numbers = append(numbers, l.campaign.Number)
		}
		f := &found[i]
		f.Messages, f.Due = f.Messages+int(l.size.Val()), f.Due+int(l.due.Val())
		if head := l.first.Val(); len(head) > 0 {
			if first := time.UnixMilli(int64(head[0].Score)).UTC(); f.First.IsZero() || first.Before(f.First) {
				f.First = first
			}
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	states, err := s.States(ctx, numbers)
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	for i := range found {
		found[i].State = states[found[i].Campaign.Number]
	}
	return found, nil
}
