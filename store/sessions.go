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
	keep   *redis.Script
	now    func() time.Time
}

// endedFor is how long it is remembered that a session has ended, which is as long as a
// request can last that knew it, and longer than any session lives. Requests that are still
// at work when somebody logs out keep their session at their end, as scs has it.
const endedFor = 24 * time.Hour

// Sessions are those in this store's Redis.
func (s *Store) Sessions() *Sessions { return &Sessions{s.client, s.scripts.session, s.now} }

// FindCtx gives what a session holds.
func (s *Sessions) FindCtx(ctx context.Context, name string) (held []byte, found bool, err error) {
	held, err = s.client.Get(ctx, keySession(name)).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("look a session up: %w", err)
	}
	return held, len(held) > 0, nil // nothing: it has ended
}

// CommitCtx keeps a session until it ends. One that was deleted stays so.
func (s *Sessions) CommitCtx(ctx context.Context, name string, held []byte, ends time.Time) error {
	left := ends.Sub(s.now())
	if left <= 0 {
		return s.DeleteCtx(ctx, name)
	}
	if err := s.keep.Run(ctx, s.client, []string{keySession(name)}, held, max(1, left.Milliseconds())).Err(); err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session for ever.
func (s *Sessions) DeleteCtx(ctx context.Context, name string) error {
	if err := s.client.Set(ctx, keySession(name), "", endedFor).Err(); err != nil {
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
