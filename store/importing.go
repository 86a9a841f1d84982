package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// An import that is silent for so long is over, and how often it says that it is not.
const (
	importLease = 20 * time.Second
	importBeat  = 5 * time.Second
)

// importing says that an import into this campaign goes on, until ended is called or
// the process dies. A start that seals waits for that.
func (s *Store) importing(ctx context.Context, n campaign.Number) (ended func(), err error) {
	id := rand.Text()
	beat := func(ctx context.Context) error {
		return s.scripts.importing.Run(ctx, s.client, []string{keyImporting(n)}, id, importLease.Milliseconds()).Err()
	}
	if err := beat(ctx); err != nil {
		return nil, fmt.Errorf("note that an import begins: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		ticker := time.NewTicker(importBeat)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				_ = beat(ctx) // the next one may work, and the lease is four beats long
			case <-ctx.Done():
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		stop()
		<-beating
		if err := s.client.ZRem(context.WithoutCancel(ctx), keyImporting(n), id).Err(); err != nil {
			s.log.Warn("the end of an import is not noted; a start waits for it for some seconds", "campaign", n, "error", err)
		}
	}), nil
}
