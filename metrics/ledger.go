package metrics

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Ledger is a ledger whose saved moves are counted. A move whose save was answered late or
// not at all is not counted, though it may have been saved: after a fault of Redis the
// counters may lack a few, and never have too many. The campaigns' own counts, which the
// save itself keeps, lack none.
func (m *Metrics) Ledger(l fallback.Ledger, book fallback.Book) fallback.Ledger {
	return &ledger{Ledger: l, book: book, metrics: m, routes: map[campaign.Number]route{}}
}

// ledger counts. It remembers each campaign's lanes, for a route never changes.
type ledger struct {
	fallback.Ledger
	book    fallback.Book
	metrics *Metrics
	routes  map[campaign.Number]route // under metrics.mu
}

// route is the counters of a campaign's legs.
type route []*meter

// Save saves, and counts what is saved.
func (l *ledger) Save(ctx context.Context, moves []fallback.Move) []error {
	errs := l.Ledger.Save(ctx, moves)
	for i := range moves {
		if errs[i] != nil || len(moves[i].Counts) == 0 {
			continue
		}
		if r := l.route(ctx, moves[i].After.ID.Number()); r != nil {
			l.metrics.count(r, &moves[i])
		}
	}
	return errs
}

// route finds the counters of a campaign; nil: it is gone, and nobody asks for it.
func (l *ledger) route(ctx context.Context, n campaign.Number) route {
	m := l.metrics
	m.mu.RLock()
	r, known := l.routes[n]
	m.mu.RUnlock()
	if known {
		return r
	}
	c, err := l.book.Campaign(ctx, n)
	if err != nil {
		return nil
	}
	for _, leg := range c.Route {
		r = append(r, m.of(leg.Lane()))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	l.routes[n] = r
	return r
}

// count counts what a move adds. Counters only rise: what a move takes back, as the
// request that turned out not to have been taken, stays counted.
func (m *Metrics) count(r route, move *fallback.Move) {
	for _, a := range move.Counts {
		if a.N <= 0 || int(a.Leg) >= len(r) {
			continue
		}
		leg := r[a.Leg]
		switch a.What {
		case fallback.InPhase:
			m.arrived(leg, fallback.Phase(a.By))
		case fallback.MarkOverlap:
			m.overlaps.Inc()
		case fallback.Escalated:
			m.escalated(r, move, a.Count)
		default:
			if c := leg.counts[a.What]; c != nil {
				c.Add(float64(a.N))
			}
		}
		if a.What == fallback.LegDelivered {
			leg.arrival(move.After, a.Leg)
		}
	}
}

// arrived counts a message in its new phase.
func (m *Metrics) arrived(leg *meter, p fallback.Phase) {
	switch {
	case p == fallback.Unknown:
		leg.unknown.Inc()
	case !p.Open():
		m.closed[p].Inc()
	}
}

// arrival measures how long an attempt took until it was delivered.
func (t *meter) arrival(r *fallback.Record, leg uint8) {
	for i := range r.History {
		if a := &r.History[i]; a.Leg == leg && a.Best >= fallback.FactDelivered && !a.Claimed.IsZero() && a.Reported.After(a.Claimed) {
			t.delivered.Observe(a.Reported.Sub(a.Claimed).Seconds())
			return
		}
	}
}

// escalation is a way from one leg to the next.
type escalation struct {
	from, to campaign.Lane
	reason   fallback.End
}

// escalated counts a message that goes on to its next leg. An operator's retry, which
// leaves the same count behind, begins anew and is none.
func (m *Metrics) escalated(r route, move *fallback.Move, c fallback.Count) {
	to := move.After.State.Leg
	if to <= move.Before.State.Leg || move.After.State.Try != move.Before.State.Try || int(to) >= len(r) {
		return
	}
	m.way(escalation{r[c.Leg].lane, r[to].lane, fallback.End(c.By)}).Inc()
}

// way finds the counter of an escalation; the first of its kind makes it.
func (m *Metrics) way(e escalation) prometheus.Counter {
	m.mu.RLock()
	c := m.ways[e]
	m.mu.RUnlock()
	if c != nil {
		return c
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c = m.escalations.WithLabelValues(e.from.String(), e.to.String(), e.reason.String())
	m.ways[e] = c
	return c
}
