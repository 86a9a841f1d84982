package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// indexName is the shard's name in the index, for scripts that reach it themselves.
func (s *Store) indexName(sh shard) string {
	if s.cluster {
		return ""
	}
	return sh.tag()
}

// lower tells the index what a script armed, where the index lies on another server
// than the shard. due is of the clock, then of each line; -1 is none.
func (s *Store) lower(ctx context.Context, c *Campaign, sh shard, due []int64) {
	for i, at := range due {
		if at < 0 {
			continue
		}
		key, name := indexClock, sh.tag()
		if i > 0 {
			key, name = indexLine(c.Route[i-1].Lane()), sh.tag()+":"+strconv.Itoa(i-1)
		}
		if err := s.client.ZAddLT(ctx, key, redis.Z{Score: float64(at), Member: name}).Err(); err != nil {
			s.log.Warn("index not lowered; the next sweep heals it", "shard", sh.tag(), "error", err)
		}
	}
}

// Heads gives what is due by now, by Redis' clock, on all clocks and in the lines of
// each lane, and how long nothing else will be (negative: nothing stands anywhere). A
// clock or a lane where something is due is not asked for more than that.
func (s *Store) Heads(ctx context.Context, lanes []campaign.Lane) (clocks []fallback.Head, lines [][]fallback.Head, next time.Duration, err error) {
	keys := make([]string, 1, 1+len(lanes))
	keys[0] = indexClock
	for _, l := range lanes {
		keys = append(keys, indexLine(l))
	}
	const most = 1000
	answer, err := s.scripts.heads.Run(ctx, s.client, keys, most).Slice()
	if err != nil || len(answer) != 1+len(keys) {
		return nil, nil, 0, fmt.Errorf("read the index: %w", orUnexpected(err))
	}
	lines = make([][]fallback.Head, len(lanes))
	for i, l := range lanes {
		lines[i] = heads(answer[2+i], l)
	}
	soon, _ := answer[0].(int64)
	return heads(answer[1], campaign.Lane{}), lines, time.Duration(soon) * time.Millisecond, nil
}

func heads(answer any, lane campaign.Lane) []fallback.Head {
	found, _ := answer.([]any)
	list := make([]fallback.Head, 0, len(found)/2)
	for i := 0; i+1 < len(found); i += 2 {
		name, _ := found[i].(string)
		due, _ := found[i+1].(string)
		at, err := strconv.ParseFloat(due, 64)
		if h, ok := parseHead(name, lane); ok && err == nil {
			h.Due = time.UnixMilli(int64(at)).UTC()
			list = append(list, h)
		}
	}
	return list
}

func parseHead(name string, lane campaign.Lane) (h fallback.Head, ok bool) {
	tag, leg, isLine := strings.Cut(name, ":")
	number, index, found := strings.Cut(tag, ".")
	n, err := campaign.ParseNumber(number)
	i, err2 := strconv.Atoi(index)
	if !found || err != nil || err2 != nil {
		return h, false
	}
	h = fallback.Head{Campaign: n, Shard: i, Leg: fallback.OnClock, Lane: lane}
	if isLine {
		h.Leg, err = strconv.Atoi(leg)
	}
	return h, err == nil
}

// phasesOf are the phases that may stand on a clock, and those that may in a line.
func phasesOf(leg int) string {
	if leg >= 0 {
		return string([]byte{byte(fallback.Scheduled)})
	}
	return string([]byte{byte(fallback.Queued), byte(fallback.Sending), byte(fallback.Unknown), byte(fallback.Waiting)})
}

func keysOf(h fallback.Head) (place, index, name string) {
	sh := shard{h.Campaign, h.Shard}
	if h.Leg == fallback.OnClock {
		return sh.clock(), indexClock, sh.tag()
	}
	return sh.line(h.Leg), indexLine(h.Lane), sh.tag() + ":" + strconv.Itoa(h.Leg)
}

// Due gives up to n records that are due behind this head, the earliest first. They
// stay where they stand until a save moves them. Of a campaign that is gone, or that
// this version cannot read, it gives none.
func (s *Store) Due(ctx context.Context, h fallback.Head, n int) ([]fallback.Record, error) {
	_, err := s.lookup(ctx, h.Campaign)
	if errors.Is(err, fallback.ErrNoCampaign) || errors.Is(err, errUnknownForm) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	place, _, _ := keysOf(h)
	answer, err := s.scripts.due.Run(ctx, s.client, []string{place, shard{h.Campaign, h.Shard}.messages()}, n, phasesOf(h.Leg)).Slice()
	if err != nil {
		return nil, fmt.Errorf("read what is due in campaign %s: %w", h.Campaign, err)
	}
	records := make([]fallback.Record, 0, len(answer)/2)
	var unreadable []redis.Z
	for i := 1; i+1 < len(answer); i += 2 {
		id, text := answer[i].(string), answer[i+1].(string)
		if r := s.read(campaign.MessageID([]byte(id)), text); r.Stamp != 0 {
			records = append(records, r)
		} else {
			unreadable = append(unreadable, redis.Z{Score: float64(answer[0].(int64) + lookAgain.Milliseconds()), Member: id})
		}
	}
	if len(unreadable) == 0 {
		return records, nil
	}
	if err := s.client.ZAddXX(ctx, place, unreadable...).Err(); err != nil {
		return records, fmt.Errorf("put unreadable records of campaign %s off: %w", h.Campaign, err)
	}
	return records, nil
}

// lookAgain is when a record that this version cannot read is looked at again. Others
// behind it must not wait, and a newer version may read it.
const lookAgain = time.Minute

// Settle sets the index to what is true of these heads. On a cluster the entry is
// taken out first: what a save arms meanwhile is entered after that, and stays.
func (s *Store) Settle(ctx context.Context, list []fallback.Head) error {
	for _, h := range list {
		place, index, name := keysOf(h)
		if err := s.settle(ctx, place, index, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) settle(ctx context.Context, place, index, name string) (err error) {
	if s.cluster {
		err = s.settleApart(ctx, place, index, name)
	} else {
		err = s.scripts.settle.Run(ctx, s.client, []string{place, index}, name).Err()
	}
	if err != nil {
		return fmt.Errorf("settle the index of %s: %w", name, err)
	}
	return nil
}

func (s *Store) settleApart(ctx context.Context, place, index, name string) error {
	if err := s.client.ZRem(ctx, index, name).Err(); err != nil {
		return err
	}
	head, err := s.client.ZRangeWithScores(ctx, place, 0, 0).Result()
	if err != nil || len(head) == 0 {
		return err
	}
	return s.client.ZAddLT(ctx, index, redis.Z{Score: head[0].Score, Member: name}).Err()
}

// Sweep enters the heads of every campaign that is not over into the index, and those of
// what people wrote, and tells the shards of the campaigns the state again. It heals what a crash left between two calls.
func (s *Store) Sweep(ctx context.Context) error {
	list, err := s.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := s.settleAll(ctx, c); err != nil {
			return err
		}
		if err := s.settleOutboxes(ctx, c); err != nil {
			return err
		}
		if err := s.retell(ctx, c); err != nil {
			return err
		}
	}
	return s.settleInboxes(ctx)
}

// settleAll enters all of a campaign's heads into the index.
func (s *Store) settleAll(ctx context.Context, c *Campaign) error {
	var all []fallback.Head
	for i := range c.Shards {
		all = append(all, fallback.Head{Campaign: c.Number, Shard: i, Leg: fallback.OnClock})
		for leg := range c.Route {
			all = append(all, fallback.Head{Campaign: c.Number, Shard: i, Leg: leg, Lane: c.Route[leg].Lane()})
		}
	}
	return s.Settle(ctx, all)
}

// Rest takes the lines of campaigns that do not run out of the index, so that they do
// not stand in front of those that do. A campaign that is started or resumed enters
// them again; one that was, while they were taken out, has them entered here.
func (s *Store) Rest(ctx context.Context, heads []fallback.Head) error {
	if len(heads) == 0 {
		return nil
	}
	var numbers []campaign.Number
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, h := range heads {
			_, index, name := keysOf(h)
			p.ZRem(ctx, index, name)
			numbers = append(numbers, h.Campaign)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("take %d lines out of the index: %w", len(heads), err)
	}
	running, err := s.Running(ctx, numbers)
	if err != nil {
		return err
	}
	var again []fallback.Head
	for _, h := range heads {
		if running[h.Campaign] {
			again = append(again, h)
		}
	}
	return s.Settle(ctx, again)
}
