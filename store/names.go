package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// mostNames bounds the names of a campaign's variables, over all files and messages.
const mostNames = 256

// ErrTooManyNames says that a campaign whose template takes every column was sent too
// many different ones.
var ErrTooManyNames = fmt.Errorf("its rows and messages have more than %d different variables: list those that the template needs in its placeholders", mostNames)

// learn adds names to those of the variables, and gives all. Records keep values only.
func (s *Store) learn(ctx context.Context, c *Campaign, names []string) ([]string, error) {
	known, err := s.Names(ctx, c.Number)
	if err != nil || !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(known, name) }) {
		return known, err
	}
	args := []any{mostNames}
	for _, name := range names {
		args = append(args, name)
	}
	known, err = s.scripts.names.Run(ctx, s.client, []string{keyState(c.Number)}, args...).StringSlice()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, fmt.Errorf("campaign %q: %w", c.ID, ErrTooManyNames)
	case err != nil:
		return nil, fmt.Errorf("note the names of campaign %q: %w", c.ID, err)
	}
	c.names.Store(&known)
	return known, nil
}

// Names are the names of the variables whose values a campaign's records keep.
func (s *Store) Names(ctx context.Context, n campaign.Number) ([]string, error) {
	c, err := s.lookup(ctx, n)
	if err != nil {
		return nil, err
	}
	if names := c.names.Load(); names != nil && len(*names) >= int(c.values.Load()) {
		return *names, nil
	}
	text, err := s.client.HGet(ctx, keyState(n), "names").Result()
	if errors.Is(err, redis.Nil) {
		text, err = "[]", nil // no row had any yet
	}
	var names []string
	if err == nil {
		err = json.Unmarshal([]byte(text), &names)
	}
	if err != nil {
		return nil, fmt.Errorf("read the names of campaign %q: %w", c.ID, err)
	}
	c.names.Store(&names)
	return names, nil
}

// heed notes how many values a record has. If there are more than this process knows
// names for, another one has added some since, and they are read again.
func (c *Campaign) heed(values int) {
	for known := c.values.Load(); int(known) < values; known = c.values.Load() {
		c.values.CompareAndSwap(known, int32(values))
	}
}
