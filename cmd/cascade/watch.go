package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/metrics"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store"
)

// view is one look at a running campaign: what the progress shows.
type view struct {
	campaign *campaign.Campaign
	status   *store.Status
	lanes    map[campaign.Lane]ratelimit.Status
	served   map[campaign.Lane]bool // by some worker
	silences map[campaign.Lane]store.Silence
	answered map[string]metrics.Answers // by lane, in the last minute
	reason   string
	at       time.Time
	begun    time.Time
	sent     float64 // first sends a second, of late
	closed   float64 // closes a second, of late
}

// watcher looks at a campaign again and again.
type watcher struct {
	house *house
	id    string
	begun time.Time
	marks marks
}

// marks are how far a campaign was of late, from which its rates are taken.
type marks struct{ list []mark }

// mark is how far a campaign was at a time.
type mark struct {
	at           time.Time
	sent, closed int
}

// recently is the time over which rates are taken.
const recently = 10 * time.Second

func (w *watcher) look(ctx context.Context, now time.Time) (*view, error) {
	status, err := w.house.store.Status(ctx, w.id)
	if err != nil {
		return nil, err
	}
	if w.begun.IsZero() {
		w.begun = now
	}
	c := &status.Campaign.Campaign
	v := &view{campaign: c, status: status, at: now, begun: w.begun}
	if v.lanes, err = w.house.laneStatus(ctx, c, status.Campaign.Number); err != nil {
		return nil, err
	}
	if v.served, err = w.house.served(); err != nil {
		return nil, err
	}
	if v.silences, err = w.house.hearing.Silences(ctx); err != nil {
		return nil, err
	}
	if v.answered, err = w.house.answered(ctx); err != nil {
		return nil, err
	}
	v.sent, v.closed = w.marks.rates(mark{now, v.firstSends(), v.total() - status.Counts.Open()})
	v.reason = w.house.reason(v)
	return v, nil
}

// rates are per second, over the last few seconds.
func (m *marks) rates(now mark) (sent, closed float64) {
	m.list = append(m.list, now)
	for len(m.list) > 2 && now.at.Sub(m.list[0].at) > recently {
		m.list = m.list[1:]
	}
	first := m.list[0]
	span := now.at.Sub(first.at).Seconds()
	if span <= 0 {
		return 0, 0
	}
	return float64(now.sent-first.sent) / span, float64(now.closed-first.closed) / span
}

// laneStatus is how things stand on the lanes of a campaign's route.
func (h *house) laneStatus(ctx context.Context, c *campaign.Campaign, n campaign.Number) (map[campaign.Lane]ratelimit.Status, error) {
	queries := make([]ratelimit.Query, len(c.Route))
	for i, leg := range c.Route {
		l, _ := h.config.Accounts.Lane(leg.Lane())
		l.Lane = leg.Lane()
		queries[i] = query(l, ratelimit.Campaign(n, c.Throttle...))
	}
	found, err := h.limiter.Status(ctx, queries)
	if err != nil {
		return nil, fmt.Errorf("look at the lanes of campaign %q: %w", c.ID, err)
	}
	lanes := make(map[campaign.Lane]ratelimit.Status, len(found))
	for i, leg := range c.Route {
		lanes[leg.Lane()] = found[i]
	}
	return lanes, nil
}

// laneQueries ask about every lane, for a campaign without limits of its own.
func (h *house) laneQueries() []ratelimit.Query {
	queries := make([]ratelimit.Query, len(h.lanes))
	for i, l := range h.lanes {
		queries[i] = query(l, ratelimit.Scope{})
	}
	return queries
}

func query(l config.Lane, c ratelimit.Scope) ratelimit.Query {
	lane, account := scopes(l)
	return ratelimit.Query{Lane: lane, Account: account, Campaign: c}
}

// total is how many messages the campaign has.
func (v *view) total() (n int) {
	for _, p := range fallback.Phases() {
		n += v.status.Counts.Phase(p)
	}
	return n
}

// firstSends is how many attempts of the first leg were sent.
func (v *view) firstSends() int { return v.leg(fallback.LegSent, 0) }

func (v *view) leg(what fallback.What, leg int) int {
	return v.status.Counts[fallback.Count{What: what, Leg: uint8(leg)}]
}
