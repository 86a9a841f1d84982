package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// A definition never changes, so that every process may keep what it once read. What does
// change while a campaign runs, its throttle and its window, lies beside it, for all
// campaigns in one hash, which each process reads once a second: nothing is asked for a
// send.
const followEvery = time.Second

// patches are the changed values by campaign and key of its file.
type patches map[campaign.Number]map[string]json.RawMessage

// Patch changes some keys of a campaign's file while it runs, and gives the campaign as it
// is then. It holds in this process at once, in the others within about a second. What is
// wrong is a *campaign.FileError.
func (s *Store) Patch(ctx context.Context, id string, values map[string]json.RawMessage) (campaign.Campaign, error) {
	st, err := s.Status(ctx, id)
	if err != nil {
		return campaign.Campaign{}, err
	}
	n := st.Campaign.Number
	if st.State == Cancelled {
		return campaign.Campaign{}, &WrongStateError{ID: id, State: st.State}
	}
	if _, err := st.Campaign.Patch(values); err != nil {
		return campaign.Campaign{}, err
	}
	fields := make([]any, 0, 2*len(values))
	for key, value := range values {
		fields = append(fields, patchField(n, key), string(value))
	}
	if len(fields) > 0 {
		if err := s.client.HSet(ctx, keyPatches, fields...).Err(); err != nil {
			return campaign.Campaign{}, fmt.Errorf("change campaign %q: %w", id, err)
		}
	}
	if err := s.Refresh(ctx); err != nil {
		return campaign.Campaign{}, err
	}
	c, err := s.lookup(ctx, n)
	if err != nil {
		return campaign.Campaign{}, err
	}
	return c.Campaign, nil
}

func patchField(n campaign.Number, key string) string { return n.String() + ":" + key }

// Follow keeps up with what other processes change, until ctx ends.
func (s *Store) Follow(ctx context.Context) {
	ticker := time.NewTicker(followEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("campaigns go on as they were when last looked at", "error", err)
		}
	}
}

// Refresh reads what is changed of campaigns.
func (s *Store) Refresh(ctx context.Context) error {
	all, err := s.client.HGetAll(ctx, keyPatches).Result()
	if err != nil {
		return fmt.Errorf("read what is changed of campaigns: %w", err)
	}
	is := patches{}
	for field, value := range all {
		number, key, _ := strings.Cut(field, ":")
		n, err := campaign.ParseNumber(number)
		if err != nil {
			s.log.Error("a change of a campaign is passed over", "error", err)
			continue
		}
		if is[n] == nil {
			is[n] = map[string]json.RawMessage{}
		}
		is[n][key] = json.RawMessage(value)
	}
	s.patching.Lock()
	defer s.patching.Unlock()
	was := s.patches
	s.patches = is
	changed := maps.Clone(is)
	maps.Copy(changed, was)
	for n := range changed {
		if kept, ok := s.campaigns.Load(n); ok && !reflect.DeepEqual(was[n], is[n]) {
			s.campaigns.Store(n, s.renew(kept.(*Campaign)))
		}
	}
	return nil
}

// renew gives the campaign with what is changed of it now. The roads to its records stay.
// The lock is held.
func (s *Store) renew(c *Campaign) *Campaign {
	fresh := &Campaign{Campaign: s.patched(c), original: c.original, Number: c.Number, Shards: c.Shards, roads: c.roads}
	fresh.names.Store(c.names.Load())
	fresh.values.Store(c.values.Load())
	return fresh
}

// patched is a campaign's definition with what is changed of it. A change that this version
// does not know is told in the log. The lock is held.
func (s *Store) patched(c *Campaign) campaign.Campaign {
	if len(s.patches[c.Number]) == 0 {
		return c.original
	}
	changed, err := c.original.Patch(s.patches[c.Number])
	if err != nil {
		s.log.Error("a change of a campaign is passed over", "campaign", c.ID, "error", err)
		return c.original
	}
	return changed
}

// unpatch forgets what was changed of a campaign, together with it.
func unpatch(ctx context.Context, p redis.Pipeliner, n campaign.Number) {
	for _, key := range campaign.Patchable() {
		p.HDel(ctx, keyPatches, patchField(n, key))
	}
}
