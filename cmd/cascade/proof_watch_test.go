//go:build proof && linux

package main

import (
	"context"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// watch looks at a campaign's records once a second, and notes how long messages stand
// in the phases that end by themselves when a process dies.
type watch struct {
	sending, queued time.Duration // the longest
	looks           int
	first           map[campaign.MessageID]sighting

	stop context.CancelFunc
	done sync.WaitGroup
}

// sighting is when a message was first seen queued with this ticket.
type sighting struct {
	ticket fallback.Stamp
	at     time.Time
}

func (l *lab) watch(id string) *watch {
	w := &watch{first: map[campaign.MessageID]sighting{}}
	ctx, stop := context.WithCancel(l.Context())
	w.stop = stop
	l.Cleanup(func() { w.end() })
	w.done.Go(func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for ctx.Err() == nil {
			// While Redis is away, or the campaign is not there yet, nothing can be seen.
			if err := l.ledger.Each(ctx, l.ledger.IDKey().Number(id), w.see); err == nil {
				w.looks++
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	})
	return w
}

// end ends it; the figures may be read after that.
func (w *watch) end() {
	w.stop()
	w.done.Wait()
}

func (w *watch) see(r *fallback.Record) error {
	now := time.Now()
	switch r.State.Phase {
	case fallback.Queued:
		s := w.first[r.ID]
		if s.ticket != r.State.Ticket {
			s = sighting{r.State.Ticket, now}
			w.first[r.ID] = s
		}
		w.queued = max(w.queued, now.Sub(s.at))
	case fallback.Sending:
		for _, a := range r.History {
			if a.Leg == r.State.Leg && a.Try == r.State.Try {
				w.sending = max(w.sending, now.Sub(a.Claimed))
			}
		}
	}
	return nil
}
