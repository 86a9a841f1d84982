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

// field names a count in the hash: "0.1.3" is its what, leg and by.
func field(c fallback.Count) string {
	return strconv.Itoa(int(c.What)) + "." + strconv.Itoa(int(c.Leg)) + "." + strconv.Itoa(int(c.By))
}

func parseField(s string) (c fallback.Count, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return c, false
	}
	var n [3]uint64
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return c, false
		}
		n[i] = v
	}
	return fallback.Count{What: fallback.What(n[0]), Leg: uint8(n[1]), By: uint8(n[2])}, true
}

// Counts gives a campaign's numbers, from one snapshot of each shard, and the time of
// the last close.
func (s *Store) Counts(ctx context.Context, n campaign.Number) (fallback.Counts, time.Time, error) {
	shards, err := s.shards(ctx, n)
	if err != nil {
		return nil, time.Time{}, err
	}
	answers := make([]*redis.MapStringStringCmd, len(shards))
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, sh := range shards {
			answers[i] = p.HGetAll(ctx, sh.counts())
		}
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read counts of campaign %s: %w", n, err)
	}
	counts, closed := readCounts(answers)
	return counts, closed, nil
}

// readCounts adds up what the shards have.
func readCounts(answers []*redis.MapStringStringCmd) (fallback.Counts, time.Time) {
	counts := fallback.Counts{}
	var closed int64
	for _, answer := range answers {
		for name, value := range answer.Val() {
			v, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				continue
			}
			if c, ok := parseField(name); ok {
				counts[c] += int(v)
			} else if name == "closed_at" {
				closed = max(closed, v)
			}
		}
	}
	if closed == 0 {
		return counts, time.Time{}
	}
	return counts, time.UnixMilli(closed).UTC()
}
