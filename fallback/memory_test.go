package fallback

import (
	"context"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// memory is a ledger, a book and a queue in a map, with a clock that it is told.
type memory struct {
	mu       sync.Mutex
	campaign campaign.Campaign
	now      time.Time
	paused   bool
	remedy   Remedy
	records  map[campaign.MessageID]Record
	places   map[campaign.MessageID]Place
	counts   Counts
	jobs     []Job
	nudges   int
	saves    int
	reads    int
	stamp    Stamp
	// before is called ahead of each save; a test moves the message there to make it stale.
	before func()
}

func newMemory(c campaign.Campaign) *memory {
	return &memory{
		campaign: c,
		now:      time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC),
		records:  map[campaign.MessageID]Record{},
		places:   map[campaign.MessageID]Place{},
		counts:   Counts{},
	}
}

func (m *memory) door() *Door {
	return &Door{Ledger: m, Book: m, Queue: m, Remedy: func(campaign.Lane) Remedy { return m.remedy }, Nudge: func() { m.nudges++ }, Stamp: func() Stamp { m.stamp++; return m.stamp }}
}

// add puts one message in line.
func (m *memory) add(to campaign.Destination) campaign.MessageID {
	id := campaign.IDKey{}.Message(m.campaign.ID, to, "")
	r := Record{ID: id, Stamp: 1 << 40, To: to, Variables: []string{"x"}, Time: m.now}
	m.records[id], m.places[id] = r, Place{Kind: Line}
	for c, n := range Tally(&r) {
		m.counts[c] += n
	}
	return id
}

func (m *memory) Campaign(context.Context, campaign.Number) (*campaign.Campaign, error) {
	return &m.campaign, nil
}

func (m *memory) Load(_ context.Context, ids []campaign.MessageID) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	records := make([]Record, len(ids))
	for i, id := range ids {
		records[i] = m.records[id].clone()
	}
	return records, nil
}

func (m *memory) Save(_ context.Context, moves []Move) []error {
	if m.before != nil {
		m.before()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	errs := make([]error, len(moves))
	for i, move := range moves {
		errs[i] = m.save(move)
	}
	return errs
}

func (m *memory) save(move Move) error {
	id := move.After.ID
	switch now := m.records[id]; {
	case now.Stamp == move.After.Stamp:
		return nil
	case now.Stamp != move.Before.Stamp:
		return ErrStale
	case move.Claim && m.paused:
		return ErrPaused
	case move.Claim && !move.NotAfter.IsZero() && !m.now.Before(move.NotAfter):
		return ErrTooLate
	}
	m.saves++
	m.records[id] = move.After.clone()
	switch move.Place.Kind {
	case Kept:
	case Nowhere:
		delete(m.places, id)
	default:
		m.places[id] = move.Place
	}
	for _, a := range move.Counts {
		if m.counts[a.Count] += a.N; m.counts[a.Count] == 0 {
			delete(m.counts, a.Count)
		}
	}
	return nil
}

func (m *memory) Enqueue(_ context.Context, jobs []Job) error {
	m.jobs = append(m.jobs, jobs...)
	return nil
}

// recount is the counts as the records give them.
func (m *memory) recount() Counts {
	n := Counts{}
	for _, r := range m.records {
		for c, k := range Tally(&r) {
			n[c] += k
		}
	}
	return n
}
