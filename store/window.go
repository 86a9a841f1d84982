package store

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// windowLasts is for how long after a person's last message WhatsApp lets them be sent
// what is no template.
const windowLasts = 24 * time.Hour

// OpenWindow notes that a person wrote to an account over WhatsApp. at is when, by the
// provider's clock; zero, or a time to come: now.
func (s *Store) OpenWindow(ctx context.Context, account string, to campaign.Destination, at time.Time) error {
	now := s.now()
	if at.IsZero() || at.After(now) {
		at = now
	}
	left := at.Add(windowLasts).Sub(now).Milliseconds()
	if left <= 0 {
		return nil
	}
	key := keyWindow(account, s.idKey.Conversation(account, to))
	if err := s.scripts.window.Run(ctx, s.client, []string{key}, left).Err(); err != nil {
		return fmt.Errorf("note that a person wrote to %s: %w", account, err)
	}
	return nil
}

// WindowOpen says whether a person wrote to the account over WhatsApp within the last 24
// hours.
func (s *Store) WindowOpen(ctx context.Context, account string, to campaign.Destination) (bool, error) {
	n, err := s.client.Exists(ctx, keyWindow(account, s.idKey.Conversation(account, to))).Result()
	if err != nil {
		return false, fmt.Errorf("look whether a person wrote to %s: %w", account, err)
	}
	return n == 1, nil
}
