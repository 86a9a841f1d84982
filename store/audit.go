package store

import (
	"context"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Audit recounts a campaign's records and looks where each of them stands. It gives
// what does not fit, in words; nothing, when the books balance. While messages move it
// can be wrong by those that moved.
func (s *Store) Audit(ctx context.Context, n campaign.Number) (problems []string, err error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return nil, err
	}
	kept, _, err := s.Counts(ctx, n)
	if err != nil {
		return nil, err
	}
	recount := fallback.Counts{}
	open := map[string]int{} // messages by the place in which they should stand
	err = s.Each(ctx, n, func(r *fallback.Record) error {
		for count, k := range fallback.Tally(r) {
			recount[count] += k
		}
		if place := standing(r.State); place != "" {
			open[place]++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for count := range merged(kept, recount) {
		if kept[count] != recount[count] {
			problems = append(problems, fmt.Sprintf("count %s: kept %d, recounted %d", field(count), kept[count], recount[count]))
		}
	}
	standing, err := s.standings(ctx, c)
	if err != nil {
		return nil, err
	}
	for place := range merged(open, standing) {
		if open[place] != standing[place] {
			problems = append(problems, fmt.Sprintf("place %s: %d stand there, %d should", place, standing[place], open[place]))
		}
	}
	return problems, nil
}

// standings counts who stands in each line and on the clock.
func (s *Store) standings(ctx context.Context, c *Campaign) (map[string]int, error) {
	places := map[string]int{}
	for _, sh := range c.all() {
		n, err := s.client.ZCard(ctx, sh.clock()).Result()
		if err != nil {
			return nil, fmt.Errorf("audit campaign %q: %w", c.ID, err)
		}
		places["C"] += int(n)
		for leg := range c.Route {
			n, err := s.client.ZCard(ctx, sh.line(leg)).Result()
			if err != nil {
				return nil, fmt.Errorf("audit campaign %q: %w", c.ID, err)
			}
			places[standing(fallback.State{Phase: fallback.Scheduled, Leg: uint8(leg)})] += int(n)
		}
	}
	return places, nil
}

func merged[K comparable](a, b map[K]int) map[K]bool {
	keys := make(map[K]bool, len(a))
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return keys
}
