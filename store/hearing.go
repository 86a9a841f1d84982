package store

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Hearing watches whether receipts come. Where many sends were accepted and no receipt of
// any kind follows, a webhook is broken, most likely, and not everybody out of reach: then
// the waits of that lane stand still, or one broken webhook would turn a whole list into
// SMS.
//
// The truth lies in Redis, one small hash for each lane. A process counts what it sends and
// hears in memory and writes it down once a second, if there is anything; so a send costs
// no call, and a process that is killed loses a second's counts, which only makes the watch
// a second slower. Whether a lane stands still nobody has to decide: it follows from the
// hash and the time (see silence.go), whoever asks.
type Hearing struct {
	store *Store
	lanes []campaign.Lane
	rules HearingRules
	log   *slog.Logger
	now   func() time.Time

	mu   sync.Mutex
	news map[campaign.Lane]*news

	picture picture
}

// news is what this process has not written down yet.
type news struct {
	accepted    int
	first, last time.Time // of the accepted
	heard       time.Time // the last receipt; zero: none
}

// NewHearing makes the watch over these lanes: those whose providers report.
func (s *Store) NewHearing(rules HearingRules, lanes ...campaign.Lane) *Hearing {
	h := &Hearing{store: s, rules: rules.withDefaults(), log: s.log, now: s.now, news: map[campaign.Lane]*news{}}
	for _, l := range lanes {
		h.lanes = append(h.lanes, l)
		h.news[l] = &news{}
	}
	return h
}

// Accepted notes that a provider took something.
func (h *Hearing) Accepted(l campaign.Lane) {
	h.note(l, func(n *news, now time.Time) {
		if n.accepted++; n.accepted == 1 {
			n.first = now
		}
		n.last = now
	})
}

// Heard notes that a receipt came, of any kind.
func (h *Hearing) Heard(l campaign.Lane) {
	h.note(l, func(n *news, now time.Time) { n.heard = now })
}

func (h *Hearing) note(l campaign.Lane, f func(*news, time.Time)) {
	n := h.news[l]
	if n == nil {
		return // nothing is expected there
	}
	now := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	f(n, now)
}

// Flush writes down what this process has sent and heard, and that it takes callbacks, if
// it does. What could not be written is kept for the next time.
func (h *Hearing) Flush(ctx context.Context, receives bool) error {
	r := h.rules
	keys := []string{keyReceiver, keyGaps}
	args := []any{receives, r.Gap.Milliseconds(), r.Sends, r.Quiet.Milliseconds(), r.CatchUp.Milliseconds(), r.Longest.Milliseconds()}
	taken := h.take()
	now := h.now()
	for l, n := range taken {
		heard := int64(-1)
		if !n.heard.IsZero() {
			heard = now.Sub(n.heard).Milliseconds()
		}
		keys = append(keys, keyHearing(l), keyStills(l))
		args = append(args, n.accepted, now.Sub(n.first).Milliseconds(), now.Sub(n.last).Milliseconds(), heard)
	}
	if !receives && len(taken) == 0 {
		return nil
	}
	if err := h.store.scripts.hear.Run(ctx, h.store.client, keys, args...).Err(); err != nil {
		h.giveBack(taken)
		return fmt.Errorf("note which receipts came: %w", err)
	}
	return nil
}

// take empties what is to be written.
func (h *Hearing) take() map[campaign.Lane]news {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := map[campaign.Lane]news{}
	for l, n := range h.news {
		if *n != (news{}) {
			taken[l] = *n
			*n = news{}
		}
	}
	return taken
}

// giveBack puts what could not be written before what has come meanwhile.
func (h *Hearing) giveBack(taken map[campaign.Lane]news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for l, old := range taken {
		n := h.news[l]
		if old.accepted > 0 {
			n.first = old.first
			if n.accepted == 0 {
				n.last = old.last
			}
			n.accepted += old.accepted
		}
		if n.heard.IsZero() {
			n.heard = old.heard
		}
	}
}

// GoOn lets a lane's waits go on, for a person knows why no receipt comes. Until one does,
// the watch says no more.
func (h *Hearing) GoOn(ctx context.Context, l campaign.Lane) error {
	now, err := h.store.client.Time(ctx).Result()
	if err == nil {
		err = h.store.client.HSet(ctx, keyHearing(l), "onward", now.UnixMilli()).Err()
	}
	if err != nil {
		return fmt.Errorf("let the waits on %s go on: %w", l, err)
	}
	h.picture.forget()
	return nil
}
