package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// NoteResumed notes that a person let these places go on just now: lanes and accounts,
// by their names.
func (s *Store) NoteResumed(ctx context.Context, places ...string) error {
	fields := make([]any, 0, 2*len(places))
	for _, p := range places {
		fields = append(fields, p, s.now().UnixMilli())
	}
	if err := s.client.HSet(ctx, keyResumed, fields...).Err(); err != nil {
		return fmt.Errorf("note what was resumed: %w", err)
	}
	return nil
}

// Resumed is when a person last let a place go on; zero: never.
func (s *Store) Resumed(ctx context.Context, place string) (time.Time, error) {
	at, err := s.client.HGet(ctx, keyResumed, place).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return time.Time{}, fmt.Errorf("look when %s was resumed: %w", place, err)
	}
	return millis(at), nil
}
