package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// How long a receipt waits for its attempt, how many for one attempt, and how long a
// provider's id leads to its attempt.
const (
	parkedFor  = 15 * time.Minute
	parkedMost = 64
	enteredFor = 30 * 24 * time.Hour
)

// FindOrPark gives the attempt behind a provider's own id. If it is not known yet, the
// receipt is kept for a while and given back by Enter.
func (s *Store) FindOrPark(ctx context.Context, account string, r campaign.Receipt) (a campaign.AttemptID, found bool, err error) {
	text, err := json.Marshal(r)
	if err != nil {
		return a, false, fmt.Errorf("park a receipt: %w", err)
	}
	d := digest(r.ProviderID)
	answer, err := s.scripts.park.Run(ctx, s.client, []string{keyProviderID(account, d), keyParked(account, d)},
		text, parkedFor.Milliseconds(), parkedMost).Text()
	if errors.Is(err, redis.Nil) {
		return a, false, nil
	}
	if err != nil || len(answer) != len(a) {
		return a, false, fmt.Errorf("find the attempt of a receipt: %w", orUnexpected(err))
	}
	return campaign.AttemptID([]byte(answer)), true, nil
}

// Enter notes which attempt a provider's own id means, and gives the receipts that
// came before it was known.
func (s *Store) Enter(ctx context.Context, account, providerID string, a campaign.AttemptID) ([]campaign.Receipt, error) {
	d := digest(providerID)
	answer, err := s.scripts.enter.Run(ctx, s.client, []string{keyProviderID(account, d), keyParked(account, d)},
		string(a[:]), enteredFor.Milliseconds()).StringSlice()
	if err != nil {
		return nil, fmt.Errorf("enter the provider's id of attempt %s: %w", a, err)
	}
	receipts := make([]campaign.Receipt, 0, len(answer))
	for _, text := range answer {
		var r campaign.Receipt
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			return nil, fmt.Errorf("read a parked receipt: %w", err)
		}
		r.Attempt = a
		receipts = append(receipts, r)
	}
	return receipts, nil
}

// Orphan counts a receipt that no message claims.
func (s *Store) Orphan(ctx context.Context, account string) error {
	if err := s.client.HIncrBy(ctx, keyOrphans, account, 1).Err(); err != nil {
		return fmt.Errorf("count an orphaned receipt: %w", err)
	}
	return nil
}

// What is kept of callbacks that could not be read: the last thousand, for three days,
// and of each no more than a few kilobytes. They may hold numbers.
const (
	rawMost  = 1000
	rawBytes = 4096
	rawFor   = 72 * time.Hour
)

// KeepRaw keeps a callback that could not be read, for a person to look at.
func (s *Store) KeepRaw(ctx context.Context, account string, raw []byte) error {
	entry, err := json.Marshal(map[string]string{
		"account": account, "at": s.now().UTC().Format(time.RFC3339), "body": string(raw[:min(len(raw), rawBytes)]),
	})
	if err != nil {
		return fmt.Errorf("keep an unreadable callback: %w", err)
	}
	_, err = s.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		p.LPush(ctx, keyRaw, entry)
		p.LTrim(ctx, keyRaw, 0, rawMost-1)
		p.Expire(ctx, keyRaw, rawFor)
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep an unreadable callback: %w", err)
	}
	return nil
}

// digest keeps what a provider calls its id out of the keys: it may hold anything.
func digest(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16])
}
