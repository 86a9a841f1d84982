package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Load gives the records with these ids, in their order. A message that is not there
// has the zero stamp.
func (s *Store) Load(ctx context.Context, ids []campaign.MessageID) ([]fallback.Record, error) {
	records := make([]fallback.Record, len(ids))
	err := s.byShard(ctx, len(ids), func(i int) campaign.MessageID { return ids[i] }, func(c *Campaign, sh shard, at []int) error {
		fields := make([]string, len(at))
		for k, i := range at {
			fields[k] = string(ids[i][:])
		}
		values, err := s.ledger.HMGet(ctx, sh.messages(), fields...).Result()
		if err != nil {
			return fmt.Errorf("load %d messages of campaign %s: %w", len(at), c.ID, err)
		}
		for k, i := range at {
			if text, ok := values[k].(string); ok {
				records[i] = s.read(ids[i], text)
			}
		}
		return nil
	})
	return records, err
}

// read decodes a record. One that this version does not know is told in the log, and
// passes for one that is not there: nothing moves it.
func (s *Store) read(id campaign.MessageID, text string) fallback.Record {
	r, err := decode(id, text)
	if c, found := s.campaigns.Load(id.Number()); err == nil && found {
		c.(*Campaign).heed(len(r.Variables))
		if legs := len(c.(*Campaign).Route); int(r.State.Leg) >= legs {
			r, err = fallback.Record{}, fmt.Errorf("message %s stands on leg %d of %d: %w", id, r.State.Leg+1, legs, errUnreadable)
		}
	}
	if err != nil {
		s.unreadable.Add(1)
		s.log.Error("record set aside", "message", id, "error", err)
	}
	return r
}

// byShard calls f for each shard that any of n messages lies in, with their indexes.
// Messages of campaigns that are not there are left out. Several shards are asked at
// the same time.
func (s *Store) byShard(ctx context.Context, n int, id func(int) campaign.MessageID, f func(*Campaign, shard, []int) error) error {
	groups := map[shard][]int{}
	campaigns := map[shard]*Campaign{}
	for i := range n {
		c, err := s.lookup(ctx, id(i).Number())
		if errors.Is(err, fallback.ErrNoCampaign) {
			continue
		} else if err != nil {
			return err
		}
		sh := c.shardOf(id(i))
		groups[sh], campaigns[sh] = append(groups[sh], i), c
	}
	if len(groups) == 1 {
		for sh, at := range groups {
			return f(campaigns[sh], sh, at)
		}
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	var first error
	for sh, at := range groups {
		wait.Go(func() {
			if err := f(campaigns[sh], sh, at); err != nil {
				mu.Lock()
				first = err
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return first
}

// saveChunk bounds the moves of one script: Lua's unpack takes 8,000 values, and
// others wait while a script runs.
const saveChunk = 250

// Save moves records on by compare and set; see fallback.Ledger.
func (s *Store) Save(ctx context.Context, moves []fallback.Move) []error {
	errs := make([]error, len(moves))
	for i := range errs {
		errs[i] = fallback.ErrNoCampaign
	}
	err := s.byShard(ctx, len(moves), func(i int) campaign.MessageID { return moves[i].After.ID }, func(c *Campaign, sh shard, at []int) error {
		for len(at) > 0 {
			n := min(len(at), saveChunk)
			s.saveIn(ctx, c, sh, moves, at[:n], errs)
			at = at[n:]
		}
		return nil
	})
	if err != nil {
		for i := range errs {
			errs[i] = err
		}
	}
	return errs
}

// answers of the save script.
var saveAnswers = []error{nil, fallback.ErrStale, fallback.ErrPaused, fallback.ErrCancelled, fallback.ErrTooLate}

func (s *Store) saveIn(ctx context.Context, c *Campaign, sh shard, moves []fallback.Move, at []int, errs []error) {
	legs := len(c.Route)
	args := make([]any, 0, 2+len(at)*16)
	args = append(args, legs, s.indexName(sh))
	for _, i := range at {
		args = appendMove(args, &moves[i])
	}
	answer, err := s.scripts.save.Run(ctx, s.ledger, s.saveKeys(c, sh), args...).Int64Slice()
	if err != nil || len(answer) != 2+len(at)+legs {
		for _, i := range at {
			errs[i] = fmt.Errorf("save %d messages of campaign %s: %w", len(at), c.ID, orUnexpected(err))
		}
		return
	}
	for k, i := range at {
		errs[i] = saveAnswers[answer[1+k]]
	}
	if s.cluster {
		s.lower(ctx, c, sh, answer[1+len(at):])
	}
}

func (s *Store) saveKeys(c *Campaign, sh shard) []string {
	keys := make([]string, 0, 5+2*len(c.Route))
	keys = append(keys, sh.messages(), sh.clock(), sh.counts(), sh.control())
	for leg := range c.Route {
		keys = append(keys, sh.line(leg))
	}
	if s.cluster {
		return keys
	}
	keys = append(keys, indexClock)
	for _, leg := range c.Route {
		keys = append(keys, indexLine(leg.Lane()))
	}
	return keys
}

func appendMove(args []any, m *fallback.Move) []any {
	to, when := "K", ""
	switch m.Place.Kind {
	case fallback.Nowhere:
		to = ""
	case fallback.Clock:
		to, when = "C", strconv.FormatInt(m.Place.In.Milliseconds(), 10)
	case fallback.Line:
		to = strconv.Itoa(m.Place.Leg)
		if !m.Place.At.IsZero() {
			when = strconv.FormatInt(m.Place.At.UnixMilli(), 10)
		}
	}
	claim := ""
	if m.Claim {
		claim = "0"
		if !m.NotAfter.IsZero() {
			claim = strconv.FormatInt(m.NotAfter.UnixMilli(), 10)
		}
	}
	args = append(args, string(m.After.ID[:]), stampBytes(m.Before.Stamp), encode(m.After), standing(m.Before.State), to, when, claim, len(m.Counts))
	for c, n := range m.Counts {
		args = append(args, field(c), n)
	}
	return args
}

// standing is where a message in this state stands, as the scripts name it.
func standing(s fallback.State) string {
	switch {
	case s.Phase == fallback.Scheduled:
		return strconv.Itoa(int(s.Leg))
	case s.Phase.Open():
		return "C"
	}
	return ""
}

// Each calls f for every record of a campaign, in no order, each at least once while
// it stays where it is.
func (s *Store) Each(ctx context.Context, n campaign.Number, f func(*fallback.Record) error) error {
	shards, err := s.shards(ctx, n)
	if err != nil {
		return err
	}
	for _, sh := range shards {
		for cursor := uint64(0); ; {
			page, next, err := s.client.HScan(ctx, sh.messages(), cursor, "", 500).Result()
			if err != nil {
				return fmt.Errorf("read messages of campaign %s: %w", n, err)
			}
			for i := 0; i+1 < len(page); i += 2 {
				r := s.read(campaign.MessageID([]byte(page[i])), page[i+1])
				if r.Stamp == 0 {
					continue
				}
				if err := f(&r); err != nil {
					return err
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return nil
}

func orUnexpected(err error) error {
	if err == nil {
		return redis.Nil
	}
	return err
}
