package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Sessions keeps the dashboard's sessions, so that all processes share them. It is a store
// of alexedwards/scs. Their names are hashes by the time they come here, and what they hold
// lets nobody in by itself.
type Sessions struct {
	client redis.UniversalClient
	now    func() time.Time
}

// Sessions are those in this store's Redis.
func (s *Store) Sessions() *Sessions { return &Sessions{s.client, s.now} }

// FindCtx gives what a session holds.
func (s *Sessions) FindCtx(ctx context.Context, name string) (held []byte, found bool, err error) {
	held, err = s.client.Get(ctx, keySession(name)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look a session up: %w", err)
	}
	return held, true, nil
}

// CommitCtx keeps a session until it ends.
func (s *Sessions) CommitCtx(ctx context.Context, name string, held []byte, ends time.Time) error {
	left := ends.Sub(s.now())
	if left <= 0 {
		return s.DeleteCtx(ctx, name)
	}
	if err := s.client.Set(ctx, keySession(name), held, left).Err(); err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, name string) error {
	if err := s.client.Del(ctx, keySession(name)).Err(); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are the same without a context; scs does not call them.
func (s *Sessions) Find(name string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), name)
}

// Commit is CommitCtx without a context.
func (s *Sessions) Commit(name string, held []byte, ends time.Time) error {
	return s.CommitCtx(context.Background(), name, held, ends)
}

// Delete is DeleteCtx without a context.
func (s *Sessions) Delete(name string) error { return s.DeleteCtx(context.Background(), name) }
