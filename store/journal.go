package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// mostDeeds bounds the journal; the oldest go first.
const mostDeeds = 10_000

// Note writes a deed into the journal.
func (s *Store) Note(ctx context.Context, d campaign.Deed) error {
	text, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("note a deed: %w", err)
	}
	err = s.client.XAdd(ctx, &redis.XAddArgs{Stream: keyJournal, MaxLen: mostDeeds, Approx: true, Values: []any{"deed", text}}).Err()
	if err != nil {
		return fmt.Errorf("note a deed: %w", err)
	}
	return nil
}

// Deeds gives up to n deeds, the latest first, of those before the one with this id; "":
// from the latest on.
func (s *Store) Deeds(ctx context.Context, before string, n int) ([]campaign.Deed, error) {
	from := "+"
	if before != "" {
		from = "(" + before
	}
	found, err := s.client.XRevRangeN(ctx, keyJournal, from, "-", int64(n)).Result()
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	list := make([]campaign.Deed, 0, len(found))
	for _, entry := range found {
		var d campaign.Deed
		text, _ := entry.Values["deed"].(string)
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return nil, fmt.Errorf("read the journal at %s: %w", entry.ID, err)
		}
		d.ID = entry.ID
		list = append(list, d)
	}
	return list, nil
}
