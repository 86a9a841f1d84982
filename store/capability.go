package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// capabilityLasts is how long an answer whether somebody can be reached on a channel is
// believed: hours, for people change their phones.
const capabilityLasts = 6 * time.Hour

// NoteCapability keeps a provider's clear answers whether people can be reached on a lane.
func (s *Store) NoteCapability(ctx context.Context, l campaign.Lane, capable map[campaign.Destination]bool) error {
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for to, yes := range capable {
			p.Set(ctx, keyCapability(l, s.idKey.Conversation(l.String(), to)), yes, capabilityLasts)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note who can be reached on %s: %w", l, err)
	}
	return nil
}

// Capability says whether somebody can be reached on a lane, as far as it is known.
func (s *Store) Capability(ctx context.Context, l campaign.Lane, to campaign.Destination) (capable, known bool, err error) {
	capable, err = s.client.Get(ctx, keyCapability(l, s.idKey.Conversation(l.String(), to))).Bool()
	if errors.Is(err, redis.Nil) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("look whether a person can be reached on %s: %w", l, err)
	}
	return capable, true, nil
}
