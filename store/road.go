package store

import (
	"context"
	"errors"
	"sync"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// road is the way to the records of one shard: the keys of its saves, made once, and
// the calls that many goroutines share.
type road struct {
	shard
	campaign *Campaign
	saveKeys []string
	tells    bool // somebody outside is told news of its messages
	loads    gather[campaign.MessageID, any]
	saves    gather[saving, error]
}

// callMost bounds what one call reads or moves: Lua's unpack takes 8,000 values, and
// others wait while a script runs.
const callMost = 250

// pave makes the roads to a campaign's shards.
func (s *Store) pave(c *Campaign) {
	c.roads = make([]*road, c.Shards)
	for i, sh := range c.all() {
		r := &road{shard: sh, campaign: c, saveKeys: s.saveKeys(c, sh), tells: s.tells(c)}
		r.loads = gather[campaign.MessageID, any]{most: callMost, call: func(ctx context.Context, ids []campaign.MessageID) ([]any, error) {
			return s.loadIn(ctx, r, ids)
		}}
		r.saves = gather[saving, error]{most: callMost, call: func(ctx context.Context, moves []saving) ([]error, error) {
			return s.saveIn(ctx, r, moves)
		}}
		c.roads[i] = r
	}
}

func (s *Store) saveKeys(c *Campaign, sh shard) []string {
	keys := make([]string, 0, 7+2*len(c.Route))
	keys = append(keys, sh.messages(), sh.clock(), sh.counts(), sh.control())
	for leg := range c.Route {
		keys = append(keys, sh.line(leg))
	}
	if !s.cluster {
		keys = append(keys, indexClock)
		for _, leg := range c.Route {
			keys = append(keys, indexLine(leg.Lane()))
		}
	}
	if s.tells(c) {
		keys = append(keys, sh.outbox())
		if !s.cluster {
			keys = append(keys, indexOutbox)
		}
	}
	return keys
}

// byRoad calls f with the road to each shard that any of n messages lies in, and their
// indexes, callMost at a time. Several roads are taken at the same time. Messages of
// campaigns that are not there are left out, and those whose campaign cannot be read
// are told to failed.
func (s *Store) byRoad(ctx context.Context, n int, id func(int) campaign.MessageID, f func(*road, []int), failed func(int, error)) {
	groups := make(map[*road][]int, 1)
	for i := range n {
		c, err := s.lookup(ctx, id(i).Number())
		if err != nil {
			if !errors.Is(err, fallback.ErrNoCampaign) {
				failed(i, err)
			}
			continue
		}
		r := c.roads[id(i).Shard(c.Shards)]
		groups[r] = append(groups[r], i)
	}
	var wait sync.WaitGroup
	left := len(groups)
	for r, at := range groups {
		travel := func() {
			for len(at) > 0 {
				n := min(len(at), callMost)
				f(r, at[:n])
				at = at[n:]
			}
		}
		if left--; left == 0 {
			travel() // the last one needs no goroutine of its own
		} else {
			wait.Go(travel)
		}
	}
	wait.Wait()
}
