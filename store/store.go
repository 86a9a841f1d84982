package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
)

// Options are what a Store needs. Only Client must be set.
type Options struct {
	Client redis.UniversalClient
	// IDKey is the deployment's key. nil: it is made once in Redis.
	IDKey *campaign.IDKey
	// Cluster says that Redis is a cluster: a campaign gets sixteen shards instead of
	// one, and the index is kept by calls of its own.
	Cluster bool
	// Tells says of which campaigns somebody outside is told; nil: of none.
	Tells func(*campaign.Campaign) bool
	Log   *slog.Logger     // default: slog.Default()
	Now   func() time.Time // default: time.Now; for what the register notes
}

// Store is the ledger. It is safe for use by many goroutines and processes.
type Store struct {
	client  redis.UniversalClient
	scripts scripts
	idKey   campaign.IDKey
	cluster bool
	told    func(*campaign.Campaign) bool
	log     *slog.Logger
	now     func() time.Time

	campaigns    sync.Map // campaign.Number to *Campaign
	patching     sync.Mutex
	patches      patches // as last read
	suppressions gather[any, bool]
	unreadable   atomic.Int64
	tidy         tidy
	roomy        atomic.Int64 // when Redis was last seen to have room, in ms
}

// ErrKeyDiffers says that this process computes other ids than the deployment does.
var ErrKeyDiffers = errors.New("id_key differs from the one that this Redis was first used with: " +
	"ids would not match, and people could get a message twice. Use the first id_key, or none if it was made in Redis")

// New opens the ledger and agrees with Redis on the deployment's key.
func New(ctx context.Context, o Options) (*Store, error) {
	s := &Store{client: o.Client, scripts: newScripts(), cluster: o.Cluster, told: o.Tells, log: o.Log, now: o.Now}
	s.suppressions = gather[any, bool]{most: callMost, call: s.suppressed}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := s.agree(ctx, o.IDKey); err != nil {
		return s, err
	}
	return s, s.Refresh(ctx)
}

// agree settles the deployment's key: one made in Redis lies there; of a configured
// one only a proof does.
func (s *Store) agree(ctx context.Context, configured *campaign.IDKey) error {
	const made, proof = "made:", "proof:"
	var key campaign.IDKey
	rand.Read(key[:])
	offer := made + hex.EncodeToString(key[:])
	if configured != nil {
		key = *configured
		mac := hmac.New(sha256.New, key[:])
		mac.Write([]byte("cascade id_key"))
		offer = proof + hex.EncodeToString(mac.Sum(nil))
	}
	if err := s.client.SetNX(ctx, keyIDKey, offer, 0).Err(); err != nil {
		return fmt.Errorf("agree on the id key: %w", err)
	}
	agreed, err := s.client.Get(ctx, keyIDKey).Result()
	switch {
	case err != nil:
		return fmt.Errorf("agree on the id key: %w", err)
	case agreed == offer:
		s.idKey = key
		return nil
	case configured == nil && len(agreed) == len(offer):
		if _, err := hex.Decode(s.idKey[:], []byte(agreed[len(made):])); err == nil {
			return nil
		}
	}
	return ErrKeyDiffers
}

// IDKey is the deployment's key.
func (s *Store) IDKey() campaign.IDKey { return s.idKey }

// Unreadable is how many records this process met that it does not know. They are set
// aside where they are.
func (s *Store) Unreadable() int64 { return s.unreadable.Load() }

// Ping says whether Redis answers.
func (s *Store) Ping(ctx context.Context) error { return s.client.Ping(ctx).Err() }
