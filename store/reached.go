package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// ErrExcludesNobody says that a campaign leaves out those whom another has reached, of which
// nothing is known.
var ErrExcludesNobody = errors.New("there is no such campaign, and nobody would be left out: mend the id, or leave it out of exclude_reached")

// excludes refuses a new campaign that leaves out whom an unknown one has reached.
func (s *Store) excludes(ctx context.Context, c campaign.Campaign, n campaign.Number) error {
	if len(c.ExcludeReached) == 0 {
		return nil
	}
	there, err := s.client.HExists(ctx, keyCampaigns, n.String()).Result()
	if err != nil {
		return fmt.Errorf("create campaign %q: %w", c.ID, err)
	}
	for _, other := range c.ExcludeReached {
		if there {
			break // it was known when the campaign was created
		}
		if _, err := s.Status(ctx, other); errors.Is(err, fallback.ErrNoCampaign) {
			return fmt.Errorf("create campaign %q: exclude_reached %q: %w", c.ID, other, ErrExcludesNobody)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Reached says which of these people got a message of one of these campaigns, in time or
// late. What a campaign of several messages to one person sent does not count.
func (s *Store) Reached(ctx context.Context, campaigns []string, to ...campaign.Destination) ([]bool, error) {
	reached := make([]bool, len(to))
	if len(campaigns) == 0 {
		return reached, nil
	}
	ids := make([]campaign.MessageID, 0, len(campaigns)*len(to))
	for _, id := range campaigns {
		for _, d := range to {
			ids = append(ids, s.idKey.Message(id, d, ""))
		}
	}
	records, err := s.Load(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range records {
		if state := records[i].State; state.Phase == fallback.Delivered || state.Marks.Has(fallback.Late) {
			reached[i%len(to)] = true
		}
	}
	return reached, nil
}

// passOver marks whom a campaign leaves out, for another has reached them.
func (s *Store) passOver(ctx context.Context, list []incoming) error {
	byCampaign := map[*Campaign][]int{}
	for i := range list {
		if c := list[i].campaign; len(c.ExcludeReached) > 0 && list[i].reject == nil {
			byCampaign[c] = append(byCampaign[c], i)
		}
	}
	for c, at := range byCampaign {
		to := make([]campaign.Destination, len(at))
		for k, i := range at {
			to[k] = list[i].recipient.To
		}
		reached, err := s.Reached(ctx, c.ExcludeReached, to...)
		if err != nil {
			return err
		}
		for k, i := range at {
			if reached[k] {
				list[i].reject = rejected(list[i].recipient, campaign.ReachedPerson, "a campaign of exclude_reached has reached this person")
			}
		}
	}
	return nil
}
