package store

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// Suppress writes that this person wants nothing more.
func (s *Store) Suppress(ctx context.Context, to campaign.Destination) error {
	_, err := s.SuppressAll(ctx, to)
	return err
}

// SuppressAll writes that these people want nothing more, and says how many of them had not
// said so before. Only keyed hashes are kept.
func (s *Store) SuppressAll(ctx context.Context, to ...campaign.Destination) (fresh int, err error) {
	n, err := s.client.SAdd(ctx, keySuppressed, s.hashes(to)...).Result()
	if err != nil {
		return 0, fmt.Errorf("suppress %d people: %w", len(to), err)
	}
	return int(n), nil
}

// Allow takes the suppression of these people back, and says how many of them had one.
func (s *Store) Allow(ctx context.Context, to ...campaign.Destination) (had int, err error) {
	n, err := s.client.SRem(ctx, keySuppressed, s.hashes(to)...).Result()
	if err != nil {
		return 0, fmt.Errorf("take the suppression of %d people back: %w", len(to), err)
	}
	return int(n), nil
}

// HowManySuppressed is how many people want nothing. Nobody can name them.
func (s *Store) HowManySuppressed(ctx context.Context) (int, error) {
	n, err := s.client.SCard(ctx, keySuppressed).Result()
	if err != nil {
		return 0, fmt.Errorf("count the suppressions: %w", err)
	}
	return int(n), nil
}

// hashes are what is kept of people who want nothing.
func (s *Store) hashes(to []campaign.Destination) []any {
	people := make([]any, len(to))
	for i, d := range to {
		person := s.idKey.Person(d)
		people[i] = string(person[:])
	}
	return people
}

// Suppressed says which of these people want nothing.
func (s *Store) Suppressed(ctx context.Context, to ...campaign.Destination) ([]bool, error) {
	answer, err := s.suppressions.do(ctx, s.hashes(to)...)
	if err != nil {
		return nil, fmt.Errorf("look suppressions up: %w", err)
	}
	return answer, nil
}

func (s *Store) suppressed(ctx context.Context, people []any) ([]bool, error) {
	return s.client.SMIsMember(ctx, keySuppressed, people...).Result()
}

// MessagesTo gives the ids that these people's messages have, if there are any, in every
// campaign in the register: computed where there can be one, from the index where there
// can be several. One that the index names may not be there yet, or any more.
func (s *Store) MessagesTo(ctx context.Context, to ...campaign.Destination) ([]campaign.MessageID, error) {
	list, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	return s.messagesIn(ctx, list, to...)
}

// messagesIn gives the same, computed for these campaigns only.
func (s *Store) messagesIn(ctx context.Context, list []*Campaign, to ...campaign.Destination) ([]campaign.MessageID, error) {
	var ids []campaign.MessageID
	for _, c := range list {
		if c.Keyed() {
			continue
		}
		for _, d := range to {
			ids = append(ids, s.idKey.Message(c.ID, d, ""))
		}
	}
	entered := make([]*redis.StringSliceCmd, len(to))
	_, err := s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, d := range to {
			entered[i] = p.ZRange(ctx, keyPerson(s.idKey.Person(d)), 0, -1)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look the messages to %d people up: %w", len(to), err)
	}
	for _, found := range entered {
		for _, id := range found.Val() {
			if len(id) == len(campaign.MessageID{}) {
				ids = append(ids, campaign.MessageID([]byte(id)))
			}
		}
	}
	return ids, nil
}
