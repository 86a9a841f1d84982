package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Backlog is what waits in lines and on clocks, by Redis' clock.
type Backlog struct {
	Lines    []Line // of the lanes that were asked for, in their order
	Alarms   int    // set, on all clocks
	AlarmLag time.Duration
}

// Line is what could go now over a lane, of all campaigns that run.
type Line struct {
	Due int
	// Oldest is for how long the first of them could have gone; 0: nobody could. Campaigns
	// with a throttle of their own have no part in it, for they wait for that.
	Oldest time.Duration
}

// Backlog looks at every clock, and at the lines of these lanes in which somebody is due.
// It costs two round trips and some commands for each campaign that is not over.
func (s *Store) Backlog(ctx context.Context, lanes []campaign.Lane) (b Backlog, err error) {
	now, heads, err := s.waiting(ctx, lanes)
	if err != nil {
		return b, fmt.Errorf("look what waits: %w", err)
	}
	type place struct {
		head  fallback.Head
		count *redis.IntCmd
		first *redis.ZSliceCmd
	}
	places := make([]place, len(heads))
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, h := range heads {
			until := strconv.FormatInt(now.UnixMilli(), 10)
			if h.Leg == fallback.OnClock {
				until = "+inf"
			}
			key, _, _ := keysOf(h)
			places[i] = place{h, p.ZCount(ctx, key, "-inf", until), p.ZRangeWithScores(ctx, key, 0, 0)}
		}
		return nil
	})
	if len(heads) > 0 && err != nil {
		return b, fmt.Errorf("count what waits: %w", err)
	}
	b.Lines = make([]Line, len(lanes))
	for _, p := range places {
		n, late := int(p.count.Val()), lateness(p.first.Val(), now)
		if p.head.Leg == fallback.OnClock {
			b.Alarms, b.AlarmLag = b.Alarms+n, max(b.AlarmLag, late)
			continue
		}
		line := &b.Lines[slices.Index(lanes, p.head.Lane)]
		line.Due += n
		if c, err := s.lookup(ctx, p.head.Campaign); err == nil && len(c.Throttle) == 0 {
			line.Oldest = max(line.Oldest, late)
		}
	}
	return b, nil
}

// waiting gives the heads of all clocks, and of the lines in which somebody of a campaign
// that runs is due, and what time Redis has. The index may name one too many, never one
// too few.
func (s *Store) waiting(ctx context.Context, lanes []campaign.Lane) (now time.Time, heads []fallback.Head, err error) {
	var clock *redis.TimeCmd
	var clocks *redis.StringSliceCmd
	lines := make([]*redis.ZSliceCmd, len(lanes))
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		clock, clocks = p.Time(ctx), p.ZRange(ctx, indexClock, 0, -1)
		for i, l := range lanes {
			lines[i] = p.ZRangeWithScores(ctx, indexLine(l), 0, -1)
		}
		return nil
	})
	if err != nil {
		return now, nil, err
	}
	now = clock.Val()
	for _, name := range clocks.Val() {
		if h, ok := parseHead(name, campaign.Lane{}); ok {
			heads = append(heads, h)
		}
	}
	var numbers []campaign.Number
	var due []fallback.Head
	for i, l := range lanes {
		for _, z := range lines[i].Val() {
			name, _ := z.Member.(string)
			if h, ok := parseHead(name, l); ok && z.Score <= float64(now.UnixMilli()) {
				due, numbers = append(due, h), append(numbers, h.Campaign)
			}
		}
	}
	if len(due) == 0 {
		return now, heads, nil
	}
	running, err := s.Running(ctx, numbers)
	due = slices.DeleteFunc(due, func(h fallback.Head) bool { return !running[h.Campaign] })
	return now, append(heads, due...), err
}

// lateness is for how long the first of a line or clock has been due.
func lateness(first []redis.Z, now time.Time) time.Duration {
	if len(first) == 0 {
		return 0
	}
	return max(0, now.Sub(time.UnixMilli(int64(first[0].Score))))
}
