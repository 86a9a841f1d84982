package metrics

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// outcomes are the ledger's counts of attempts, as cascade_messages_total names them.
var outcomes = map[fallback.What]string{
	fallback.LegSent:        "claimed",
	fallback.LegAccepted:    "accepted",
	fallback.LegRefused:     "refused",
	fallback.LegDelivered:   "delivered",
	fallback.LegRead:        "read",
	fallback.LegUndelivered: "undelivered",
	fallback.LegTimedOut:    "timed_out",
}

// unknownOutcome is of attempts that came into the phase unknown.
const unknownOutcome = "unknown"

// whats is how many kinds of counts a lane has a place for.
const whats = int(fallback.LegReached) + 1

// meter is one lane's counters, found once: counting needs no look-up of labels.
type meter struct {
	lane      campaign.Lane
	counts    [whats]prometheus.Counter // by fallback.What; nil: not counted
	unknown   prometheus.Counter
	delivered prometheus.Observer
	took      *recent
}

// meter makes the counters of a lane, all of which begin to show as 0.
func (m *Metrics) newMeter(l campaign.Lane) *meter {
	name := l.String()
	t := &meter{
		lane:      l,
		unknown:   m.messages.WithLabelValues(name, unknownOutcome),
		delivered: m.timeToDelivered.WithLabelValues(name),
		took:      &recent{Observer: m.sendDuration.WithLabelValues(name)},
	}
	for what, outcome := range outcomes {
		t.counts[what] = m.messages.WithLabelValues(name, outcome)
	}
	t.counts[fallback.Throttled] = m.throttled.WithLabelValues(name)
	return t
}

// of gives the counters of a lane. One that is not configured here, which an older
// campaign may still name, gets its own as well.
func (m *Metrics) of(l campaign.Lane) *meter {
	m.mu.RLock()
	t := m.meters[l]
	m.mu.RUnlock()
	if t != nil {
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t = m.meters[l]; t == nil {
		t = m.newMeter(l)
		m.meters[l] = t
	}
	return t
}

// Took measures a lane's requests, in seconds.
func (m *Metrics) Took(l campaign.Lane) prometheus.Observer { return m.of(l).took }
