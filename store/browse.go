package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// ErrNoPlace is a place in a campaign that Browse did not give.
var ErrNoPlace = errors.New("this is no place to go on from: want the one that the page before gave")

// browseAtOnce is how many records are read together.
const browseAtOnce = 250

// place is where in a campaign's records somebody is: in the middle of what one step of
// Redis' own cursor gives.
type place struct {
	shard  int
	cursor uint64
	skip   int // records of the step that were given already
}

func (p place) String() string { return fmt.Sprintf("%d.%d.%d", p.shard, p.cursor, p.skip) }

func readPlace(text string) (p place, err error) {
	if text == "" {
		return p, nil
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return p, ErrNoPlace
	}
	cursor, err := strconv.ParseUint(parts[1], 10, 64)
	shard, err2 := strconv.ParseUint(parts[0], 10, 8)
	skip, err3 := strconv.ParseUint(parts[2], 10, 31)
	if err != nil || err2 != nil || err3 != nil {
		return p, ErrNoPlace
	}
	return place{int(shard), cursor, int(skip)}, nil
}

// Browse calls f for a campaign's records from a place on ("": the beginning), in no
// telling order, until it says that it has enough. It gives the place to go on from; "":
// that was all. While records come or go between two calls, one may be given twice, or be
// passed over where a call ended in the middle of a step.
func (s *Store) Browse(ctx context.Context, n campaign.Number, from string, f func(*fallback.Record) (more bool)) (next string, err error) {
	at, err := readPlace(from)
	if err != nil {
		return "", err
	}
	shards, err := s.shards(ctx, n)
	if err != nil {
		return "", err
	}
	for more := true; at.shard < len(shards); {
		step, cursor, err := s.client.HScan(ctx, shards[at.shard].messages(), at.cursor, "", browseAtOnce).Result()
		if err != nil {
			return "", fmt.Errorf("read messages of campaign %s: %w", n, err)
		}
		for i := 2 * at.skip; i+1 < len(step); i += 2 {
			if !more {
				return at.String(), nil
			}
			if r := s.read(campaign.MessageID([]byte(step[i])), step[i+1]); r.Stamp != 0 {
				more = f(&r)
			}
			at.skip++
		}
		if at = (place{at.shard, cursor, 0}); cursor == 0 {
			at.shard++
		}
		if !more && at.shard < len(shards) {
			return at.String(), nil
		}
	}
	return "", nil
}
