package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Head is a line or a clock of a shard, with the earliest time at which something in
// it is due. The index holds one for each that is not empty; it may tell an earlier
// time than is true, and for at most a sweep's time a later one.
type Head struct {
	Campaign campaign.Number
	Due      time.Time
	shard    shard
	leg      int // clock: -1
	lane     campaign.Lane
}

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
// each lane.
func (s *Store) Heads(ctx context.Context, lanes []campaign.Lane) (clocks []Head, lines [][]Head, err error) {
	keys := make([]string, 1, 1+len(lanes))
	keys[0] = indexClock
	for _, l := range lanes {
		keys = append(keys, indexLine(l))
	}
	const most = 1000
	answer, err := s.scripts.heads.Run(ctx, s.client, keys, most).Slice()
	if err != nil || len(answer) != len(keys) {
		return nil, nil, fmt.Errorf("read the index: %w", orUnexpected(err))
	}
	lines = make([][]Head, len(lanes))
	for i, l := range lanes {
		lines[i] = heads(answer[1+i], l)
	}
	return heads(answer[0], campaign.Lane{}), lines, nil
}

func heads(answer any, lane campaign.Lane) []Head {
	found, _ := answer.([]any)
	list := make([]Head, 0, len(found)/2)
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

func parseHead(name string, lane campaign.Lane) (h Head, ok bool) {
	tag, leg, isLine := strings.Cut(name, ":")
	number, index, found := strings.Cut(tag, ".")
	n, err := campaign.ParseNumber(number)
	i, err2 := strconv.Atoi(index)
	if !found || err != nil || err2 != nil {
		return h, false
	}
	h = Head{Campaign: n, shard: shard{n, i}, leg: -1, lane: lane}
	if isLine {
		h.leg, err = strconv.Atoi(leg)
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

func (h Head) keys() (place, index, name string) {
	if h.leg < 0 {
		return h.shard.clock(), indexClock, h.shard.tag()
	}
	return h.shard.line(h.leg), indexLine(h.lane), h.shard.tag() + ":" + strconv.Itoa(h.leg)
}

// Due gives up to n records that are due behind this head, the earliest first. They
// stay where they stand until a save moves them.
func (s *Store) Due(ctx context.Context, h Head, n int) ([]fallback.Record, error) {
	place, _, _ := h.keys()
	answer, err := s.scripts.due.Run(ctx, s.client, []string{place, h.shard.messages()}, n, phasesOf(h.leg)).Slice()
	if err != nil {
		return nil, fmt.Errorf("read what is due in campaign %s: %w", h.Campaign, err)
	}
	records := make([]fallback.Record, 0, len(answer)/2)
	for i := 1; i+1 < len(answer); i += 2 {
		id, text := answer[i].(string), answer[i+1].(string)
		if r := s.read(campaign.MessageID([]byte(id)), text); r.Stamp != 0 {
			records = append(records, r)
		}
	}
	return records, nil
}

// Settle sets the index to what is true of these heads. On a cluster the entry is
// taken out first: what a save arms meanwhile is entered after that, and stays.
func (s *Store) Settle(ctx context.Context, list []Head) error {
	for _, h := range list {
		place, index, name := h.keys()
		var err error
		if s.cluster {
			err = s.settleApart(ctx, place, index, name)
		} else {
			err = s.scripts.settle.Run(ctx, s.client, []string{place, index}, name).Err()
		}
		if err != nil {
			return fmt.Errorf("settle the index of %s: %w", name, err)
		}
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

// Sweep enters the heads of every campaign that is not over into the index, and tells
// their shards the state again. It heals what a crash left between two calls.
func (s *Store) Sweep(ctx context.Context) error {
	list, err := s.List(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		var all []Head
		for i := range c.Shards {
			sh := shard{c.Number, i}
			all = append(all, Head{Campaign: c.Number, shard: sh, leg: -1})
			for leg := range c.Route {
				all = append(all, Head{Campaign: c.Number, shard: sh, leg: leg, lane: c.Route[leg].Lane()})
			}
		}
		if err := s.Settle(ctx, all); err != nil {
			return err
		}
		if err := s.retell(ctx, c); err != nil {
			return err
		}
	}
	return nil
}
