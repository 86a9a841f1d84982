package store

import (
	"context"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// Suppress writes that this person wants nothing more. Only a keyed hash is kept.
func (s *Store) Suppress(ctx context.Context, to campaign.Destination) error {
	person := s.idKey.Person(to)
	if err := s.client.SAdd(ctx, keySuppressed, string(person[:])).Err(); err != nil {
		return fmt.Errorf("suppress a person: %w", err)
	}
	return nil
}

// Suppressed says which of these people want nothing.
func (s *Store) Suppressed(ctx context.Context, to ...campaign.Destination) ([]bool, error) {
	people := make([]any, len(to))
	for i, d := range to {
		person := s.idKey.Person(d)
		people[i] = string(person[:])
	}
	answer, err := s.suppressions.do(ctx, people...)
	if err != nil {
		return nil, fmt.Errorf("look suppressions up: %w", err)
	}
	return answer, nil
}

func (s *Store) suppressed(ctx context.Context, people []any) ([]bool, error) {
	return s.client.SMIsMember(ctx, keySuppressed, people...).Result()
}

// MessagesTo gives the ids that a person's messages have, if there are any, in every
// campaign in the register: computed where there can be one, from the index where there
// can be several. One that the index names may not be there yet, or any more.
func (s *Store) MessagesTo(ctx context.Context, to campaign.Destination) ([]campaign.MessageID, error) {
	list, err := s.List(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]campaign.MessageID, 0, len(list))
	for _, c := range list {
		if !c.Keyed() {
			ids = append(ids, s.idKey.Message(c.ID, to, ""))
		}
	}
	entered, err := s.client.ZRange(ctx, keyPerson(s.idKey.Person(to)), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("look the messages to a person up: %w", err)
	}
	for _, id := range entered {
		if len(id) == len(campaign.MessageID{}) {
			ids = append(ids, campaign.MessageID([]byte(id)))
		}
	}
	return ids, nil
}
