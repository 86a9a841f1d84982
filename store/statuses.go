package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// IDs are the ids of all campaigns in the register, in their order. Definitions are read
// only where one of them is new.
func (s *Store) IDs(ctx context.Context) ([]string, error) {
	numbers, err := s.client.HKeys(ctx, keyCampaigns).Result()
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	ids := make([]string, 0, len(numbers))
	for _, text := range numbers {
		n, err := campaign.ParseNumber(text)
		if err != nil {
			continue // told by List
		}
		known, there := s.campaigns.Load(n)
		if !there {
			return s.listed(ctx)
		}
		ids = append(ids, known.(*Campaign).ID)
	}
	slices.Sort(ids)
	return ids, nil
}

func (s *Store) listed(ctx context.Context) ([]string, error) {
	list, err := s.List(ctx)
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids, err
}

// Statuses gives campaigns' states and numbers in one round trip. Those that are not there,
// or no more, are left out.
func (s *Store) Statuses(ctx context.Context, ids []string) ([]*Status, error) {
	list := make([]*Campaign, 0, len(ids))
	for _, id := range ids {
		c, err := s.Find(ctx, id)
		if errors.Is(err, fallback.ErrNoCampaign) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return s.statuses(ctx, list)
}

func (s *Store) statuses(ctx context.Context, list []*Campaign) ([]*Status, error) {
	asked := make([]*asking, len(list))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, c := range list {
			asked[i] = ask(ctx, p, c, s.now())
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the states of %d campaigns: %w", len(list), err)
	}
	found := make([]*Status, 0, len(list))
	for _, a := range asked {
		st, err := a.status()
		if err != nil {
			return nil, err
		}
		if st.State != "" { // its retention is not over
			found = append(found, st)
		}
	}
	return found, nil
}

// asking is what is asked about one campaign.
type asking struct {
	campaign *Campaign
	counts   []*redis.MapStringStringCmd // of each shard
	state    *redis.MapStringStringCmd
	going    *redis.IntCmd // imports
	imports  *redis.StringSliceCmd
}

func ask(ctx context.Context, p redis.Pipeliner, c *Campaign, now time.Time) *asking {
	a := &asking{campaign: c}
	for _, sh := range c.all() {
		a.counts = append(a.counts, p.HGetAll(ctx, sh.counts()))
	}
	a.state = p.HGetAll(ctx, keyState(c.Number))
	a.going = p.ZCount(ctx, keyImporting(c.Number), strconv.FormatInt(now.UnixMilli(), 10), "+inf")
	a.imports = p.HVals(ctx, keyImports(c.Number))
	return a
}

func (a *asking) status() (*Status, error) {
	v := a.state.Val()
	counts, closed := readCounts(a.counts)
	reports, err := readImports(a.campaign.Number, a.imports.Val())
	if err != nil {
		return nil, err
	}
	st := &Status{
		Campaign: a.campaign, State: State(v["state"]), Sealed: v["sealed"] == "1", Counts: counts, ClosedAt: closed,
		Since: millis(v["since"]), By: v["by"], Why: v["reason"], StartedAt: millis(v["started_at"]), Importing: a.going.Val() > 0,
	}
	if st.State == Running && st.Sealed && counts.Open() == 0 {
		st.State = Finished
	}
	for _, r := range reports {
		st.Rejected += r.Rejected
	}
	return st, nil
}

// Imports are the reports of a campaign's imports, one of each file, in no telling order.
func (s *Store) Imports(ctx context.Context, n campaign.Number) ([]campaign.ImportReport, error) {
	all, err := s.client.HVals(ctx, keyImports(n)).Result()
	if err != nil {
		return nil, fmt.Errorf("read the imports of campaign %s: %w", n, err)
	}
	slices.Sort(all)
	return readImports(n, all)
}
