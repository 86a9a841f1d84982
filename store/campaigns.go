package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Campaign is a campaign as it stands in the register. It never changes, but that
// imports and messages add to the names of its variables; where its throttle or window is
// changed, another takes its place.
type Campaign struct {
	campaign.Campaign
	original campaign.Campaign // as it was created
	Number   campaign.Number
	Shards   int
	names    atomic.Pointer[[]string]
	roads    []*road      // to its shards
	values   atomic.Int32 // the most that a record had
}

// definition is how a campaign stands in the register.
type definition struct {
	Campaign json.RawMessage `json:"campaign"`
	Shards   int             `json:"shards"`
}

// DifferentError says that another campaign has this id already.
type DifferentError struct {
	ID          string
	Differences []string
}

func (e *DifferentError) Error() string {
	return fmt.Sprintf("campaign %q exists with another content: %s. Give the new one another id, or send the old one's file",
		e.ID, strings.Join(e.Differences, "; "))
}

// shardsOnCluster spreads a campaign over the nodes of a cluster.
const shardsOnCluster = 16

// Create enters a campaign into the register. The same campaign again is no error; a
// different one with the same id is a *DifferentError.
func (s *Store) Create(ctx context.Context, c campaign.Campaign) (*Campaign, error) {
	d := definition{Campaign: c.Canonical(), Shards: 1}
	if s.cluster {
		d.Shards = shardsOnCluster
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	number := s.idKey.Number(c.ID)
	if err := s.excludes(ctx, c, number); err != nil {
		return nil, err
	}
	if text, err = s.firstLife(ctx, number, c, text); err != nil {
		return nil, err
	}
	if err := s.client.HSetNX(ctx, keyCampaigns, number.String(), text).Err(); err != nil {
		return nil, fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	there, err := s.lookup(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	if err := s.same(there, c); err != nil {
		return nil, err
	}
	return there, s.draft(ctx, there)
}

// firstLife gives the definition that a campaign had if it was forgotten after its retention:
// it has the same in its next life. Else it is the one given.
func (s *Store) firstLife(ctx context.Context, n campaign.Number, c campaign.Campaign, text []byte) ([]byte, error) {
	was, err := s.client.HGet(ctx, keyForgotten, n.String()).Result()
	if errors.Is(err, redis.Nil) {
		return text, nil
	}
	var there *Campaign
	if err == nil {
		there, err = define(n, was)
	}
	if err != nil {
		return nil, fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	return []byte(was), s.same(there, c)
}

// same says what is wrong if a campaign is not the one that has its number already.
func (s *Store) same(there *Campaign, c campaign.Campaign) error {
	if there.ID != c.ID {
		return fmt.Errorf("create campaign %q: its number %s belongs to another campaign already. Choose another id", c.ID, there.Number)
	}
	if differences := campaign.Diff(there.original, c); len(differences) > 0 {
		return &DifferentError{ID: c.ID, Differences: differences}
	}
	return nil
}

// draft gives a new campaign its first state; one that has a state keeps it. Generations
// begin with the time: where there was such a campaign before, its shards may remember the
// last one, and take only a higher.
func (s *Store) draft(ctx context.Context, c *Campaign) error {
	early := "0"
	if c.StartWhileImporting {
		early = "1"
	}
	generation := s.now().UnixMilli()
	var fresh *redis.BoolCmd
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		fresh = p.HSetNX(ctx, keyState(c.Number), "generation", generation)
		p.HSetNX(ctx, keyState(c.Number), "start_while_importing", early)
		p.HSetNX(ctx, keyState(c.Number), "state", string(Draft))
		return nil
	})
	if err == nil && fresh.Val() {
		_, err = s.tell(ctx, c, Draft, generation, "")
	}
	if err != nil {
		return fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	return nil
}

// Campaign is fallback.Book.
func (s *Store) Campaign(ctx context.Context, n campaign.Number) (*campaign.Campaign, error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return nil, err
	}
	return &c.Campaign, nil
}

// Find gives a campaign by its id, or ErrNoCampaign.
func (s *Store) Find(ctx context.Context, id string) (*Campaign, error) {
	c, err := s.lookup(ctx, s.idKey.Number(id))
	if err == nil && c.ID != id {
		err = fallback.ErrNoCampaign
	}
	if err != nil {
		return nil, fmt.Errorf("campaign %q: %w", id, err)
	}
	return c, nil
}

// lookup gives a campaign by its number. Definitions never change, so what was read
// once is kept.
func (s *Store) lookup(ctx context.Context, n campaign.Number) (*Campaign, error) {
	if c, ok := s.campaigns.Load(n); ok {
		return c.(*Campaign), nil
	}
	text, err := s.client.HGet(ctx, keyCampaigns, n.String()).Result()
	if errors.Is(err, redis.Nil) {
		return nil, fallback.ErrNoCampaign
	} else if err != nil {
		return nil, fmt.Errorf("look campaign %s up: %w", n, err)
	}
	c, err := define(n, text)
	if err != nil {
		return nil, err
	}
	return s.keep(c), nil
}

// keep keeps a campaign that was read. Whoever was first is kept, for its roads are
// shared.
func (s *Store) keep(c *Campaign) *Campaign {
	s.pave(c)
	s.patching.Lock()
	defer s.patching.Unlock()
	c.Campaign = s.patched(c)
	kept, _ := s.campaigns.LoadOrStore(c.Number, c)
	return kept.(*Campaign)
}

// errUnknownForm is a definition that this version cannot read. A newer one may have
// written it.
var errUnknownForm = errors.New("its definition is of no form that this version knows")

func define(n campaign.Number, text string) (*Campaign, error) {
	var d definition
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("read campaign %s from the register: %w: %w", n, errUnknownForm, err)
	}
	c, err := campaign.ParseKept("register", d.Campaign)
	if err != nil {
		return nil, fmt.Errorf("read campaign %s from the register: %w: %w", n, errUnknownForm, err)
	}
	return &Campaign{Campaign: c, original: c, Number: n, Shards: max(d.Shards, 1)}, nil
}

// List gives every campaign in the register, by id. One that this version cannot read
// is told in the log and passed over: it must not keep the others from their work.
func (s *Store) List(ctx context.Context) ([]*Campaign, error) {
	numbers, err := s.client.HKeys(ctx, keyCampaigns).Result()
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	list := make([]*Campaign, 0, len(numbers))
	var fresh []string // that were not read before
	for _, number := range numbers {
		n, err := campaign.ParseNumber(number)
		if err != nil {
			s.log.Error("campaign passed over", "error", err)
		} else if kept, ok := s.campaigns.Load(n); ok {
			list = append(list, kept.(*Campaign))
		} else {
			fresh = append(fresh, number)
		}
	}
	read, err := s.readAll(ctx, fresh)
	list = append(list, read...)
	sort.Slice(list, func(i, j int) bool { return list[i].ID < list[j].ID })
	return list, err
}

// readAll gives the campaigns of these numbers that this version can read.
func (s *Store) readAll(ctx context.Context, numbers []string) (list []*Campaign, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	texts, err := s.client.HMGet(ctx, keyCampaigns, numbers...).Result()
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	for i, text := range texts {
		text, there := text.(string)
		if !there { // its retention was over just now
			continue
		}
		n, err := campaign.ParseNumber(numbers[i])
		if err != nil {
			return list, err
		}
		c, err := define(n, text)
		if err != nil {
			s.log.Error("campaign passed over", "error", err)
			continue
		}
		list = append(list, s.keep(c))
	}
	return list, nil
}

// CampaignsOver gives the campaigns in the register that have a leg on an account.
func (s *Store) CampaignsOver(ctx context.Context, account string) ([]*Campaign, error) {
	list, err := s.List(ctx)
	return slices.DeleteFunc(list, func(c *Campaign) bool {
		return !slices.ContainsFunc(c.Route, func(l campaign.Leg) bool { return l.Account == account })
	}), err
}

func (c *Campaign) shardOf(id campaign.MessageID) shard {
	return shard{c.Number, id.Shard(c.Shards)}
}

func (c *Campaign) all() []shard {
	list := make([]shard, c.Shards)
	for i := range list {
		list[i] = shard{c.Number, i}
	}
	return list
}

func (s *Store) shards(ctx context.Context, n campaign.Number) ([]shard, error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return nil, err
	}
	return c.all(), nil
}
