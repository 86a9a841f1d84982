package store

import (
	"context"
	"fmt"
	"time"
)

// How long a call is held by who acts on it, unless that is renewed, and how long its
// answer is kept.
const (
	repeatLease = 30 * time.Second
	repeatFor   = 24 * time.Hour
)

// Begin says what is to be done about a call that may be a repetition: act on it, which
// the holder also asks again in order to hold it for longer, or answer as it was answered.
// It is not the same call if another body came with the key. Nothing of all: another
// holder is at it.
func (s *Store) Begin(ctx context.Context, key string, body [32]byte, holder string) (act, same bool, answer []byte, err error) {
	found, err := s.scripts.repeat.Run(ctx, s.client, []string{keyRepeat(key)}, string(body[:]), holder, repeatLease.Milliseconds()).Slice()
	if err != nil {
		return false, false, nil, fmt.Errorf("look a repeated call up: %w", err)
	}
	switch found[0].(int64) {
	case 1:
		return true, true, nil, nil
	case 2:
		return false, false, nil, nil
	case 3:
		return false, true, []byte(found[1].(string)), nil
	}
	return false, true, nil, nil
}

// End keeps what a call was answered for a day, or forgets the call if that is empty.
func (s *Store) End(ctx context.Context, key, holder string, answer []byte) error {
	if err := s.scripts.repeated.Run(ctx, s.client, []string{keyRepeat(key)}, holder, answer, repeatFor.Milliseconds()).Err(); err != nil {
		return fmt.Errorf("keep the answer of a call: %w", err)
	}
	return nil
}
