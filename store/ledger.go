package store

import (
	"context"
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
	var mu sync.Mutex
	var first error
	fail := func(_ int, err error) {
		mu.Lock()
		defer mu.Unlock()
		first = err
	}
	s.byRoad(ctx, len(ids), func(i int) campaign.MessageID { return ids[i] }, func(r *road, at []int) {
		wanted := make([]campaign.MessageID, len(at))
		for k, i := range at {
			wanted[k] = ids[i]
		}
		texts, err := r.loads.do(ctx, wanted...)
		if err != nil {
			fail(0, fmt.Errorf("load %d messages of campaign %s: %w", len(at), r.campaign.ID, err))
			return
		}
		for k, i := range at {
			if text, ok := texts[k].(string); ok {
				records[i] = s.read(ids[i], text)
			}
		}
	}, fail)
	return records, first
}

// loadIn reads records of one shard as they stand there.
func (s *Store) loadIn(ctx context.Context, r *road, ids []campaign.MessageID) ([]any, error) {
	fields := make([]string, len(ids))
	for i := range ids {
		fields[i] = string(ids[i][:])
	}
	return s.client.HMGet(ctx, r.messages(), fields...).Result()
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

// saving is a move on its way: what its record will be, encoded.
type saving struct {
	*fallback.Move
	record string
}

// Save moves records on by compare and set; see fallback.Ledger.
func (s *Store) Save(ctx context.Context, moves []fallback.Move) []error {
	errs := make([]error, len(moves))
	for i := range errs {
		errs[i] = fallback.ErrNoCampaign
	}
	s.byRoad(ctx, len(moves), func(i int) campaign.MessageID { return moves[i].After.ID }, func(r *road, at []int) {
		wanted := make([]saving, len(at))
		for k, i := range at {
			wanted[k] = saving{&moves[i], encode(moves[i].After)}
		}
		answers, err := r.saves.do(ctx, wanted...)
		for k, i := range at {
			if err != nil {
				errs[i] = fmt.Errorf("save %d messages of campaign %s: %w", len(at), r.campaign.ID, err)
			} else {
				errs[i] = answers[k]
			}
		}
	}, func(i int, err error) { errs[i] = err })
	return errs
}

// answers of the save script.
var saveAnswers = []error{nil, fallback.ErrStale, fallback.ErrPaused, fallback.ErrCancelled, fallback.ErrTooLate}

// saveIn moves records of one shard.
func (s *Store) saveIn(ctx context.Context, r *road, moves []saving) ([]error, error) {
	legs := len(r.campaign.Route)
	answer, err := s.scripts.save.Run(ctx, s.client, r.saveKeys, saveArgs(legs, s.indexName(r.shard), r.tells, moves)...).Int64Slice()
	if err != nil || len(answer) != 2+len(moves)+legs {
		return nil, orUnexpected(err)
	}
	errs := make([]error, len(moves))
	for i := range errs {
		errs[i] = saveAnswers[answer[1+i]]
	}
	if s.cluster {
		s.lower(ctx, r.campaign, r.shard, answer[1+len(moves):])
		s.lowerOutbox(ctx, r, moves, answer[0])
	}
	return errs, nil
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
