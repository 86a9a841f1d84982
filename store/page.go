package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Page gives about n records of a campaign, in no order, and the cursor of what follows
// them: "" at the end. It begins at "". A record that was there all the while is on some
// page; while others come or go it may be on two. A page costs what its records cost,
// however many there are besides. What is no cursor is behind the end.
func (s *Store) Page(ctx context.Context, of campaign.Number, cursor string, n int) ([]fallback.Record, string, error) {
	shards, err := s.shards(ctx, of)
	if err != nil {
		return nil, "", err
	}
	at, from, known := parseCursor(cursor)
	if !known || at >= len(shards) {
		return nil, "", nil
	}
	page, next, err := s.client.HScan(ctx, shards[at].messages(), from, "", int64(n)).Result()
	if err != nil {
		return nil, "", fmt.Errorf("read messages of campaign %s: %w", of, err)
	}
	records := make([]fallback.Record, 0, len(page)/2)
	for i := 0; i+1 < len(page); i += 2 {
		if r := s.read(campaign.MessageID([]byte(page[i])), page[i+1]); r.Stamp != 0 {
			records = append(records, r)
		}
	}
	if next == 0 {
		at++
	}
	if at == len(shards) {
		return records, "", nil
	}
	return records, fmt.Sprintf("%d-%d", at, next), nil
}

// parseCursor reads the shard, and the place in its table.
func parseCursor(cursor string) (shard int, from uint64, known bool) {
	if cursor == "" {
		return 0, 0, true
	}
	text, place, _ := strings.Cut(cursor, "-")
	shard, wrong := strconv.Atoi(text)
	from, err := strconv.ParseUint(place, 10, 64)
	return shard, from, wrong == nil && err == nil && shard >= 0
}
