package web

import (
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// Over which times rates are taken, and of how many campaigns marks are kept.
const (
	rateOver   = 10 * time.Second
	errorsOver = time.Minute
	mostTracks = 256
)

// tracks are how far campaigns were of late, as far as somebody looked, from which rates
// are taken.
type tracks struct {
	mu  sync.Mutex
	all map[string]*track
}

type track struct {
	marks   []mark
	seconds []second // of the last minutes, for the chart
}

// mark is how far a campaign was at a time.
type mark struct {
	at     time.Time
	closed int
	legs   []campaign.LegSummary
}

// pace is how a campaign moved of late. Without two looks there is none.
type pace struct {
	First  float64 // first sends a second
	Closed float64 // closes a second
	Legs   []errorsOf
}

// errorsOf counts what a leg's attempts came to, of late.
type errorsOf struct{ Ended, Bad int }

// look notes how far a campaign is, and says how it moved since a few looks ago. One that
// has ended moves no more.
func (t *tracks) look(now time.Time, r client.Report) pace {
	if r.FinishedAt != nil {
		return pace{Legs: make([]errorsOf, len(r.Legs))}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil || len(t.all) >= mostTracks && t.all[r.Campaign] == nil {
		t.all = map[string]*track{} // a rate is back in a second
	}
	of := t.all[r.Campaign]
	if of == nil {
		of = &track{}
		t.all[r.Campaign] = of
	}
	return of.look(mark{now, r.Accepted - openOf(r.Counts), r.Legs})
}

func (t *track) look(now mark) pace {
	if n := len(t.marks); n == 0 || now.at.Sub(t.marks[n-1].at) >= freshFor {
		t.marks = append(t.marks, now)
	}
	t.note(now)
	for len(t.marks) > 2 && now.at.Sub(t.marks[0].at) > errorsOver {
		t.marks = t.marks[1:]
	}
	first := t.marks[0]
	p := pace{Legs: make([]errorsOf, len(now.legs))}
	for i, l := range now.legs {
		if i < len(first.legs) {
			p.Legs[i] = since(first.legs[i], l)
		}
	}
	for i := range t.marks {
		if now.at.Sub(t.marks[i].at) <= rateOver {
			first = t.marks[i]
			break
		}
	}
	if span := now.at.Sub(first.at).Seconds(); span > 0 {
		p.Closed = max(0, float64(now.closed-first.closed)/span)
		if len(now.legs) > 0 && len(first.legs) > 0 {
			p.First = max(0, float64(now.legs[0].Sent-first.legs[0].Sent)/span)
		}
	}
	return p
}

func since(before, now campaign.LegSummary) errorsOf {
	e := errorsOf{Bad: max(0, bad(now)-bad(before))}
	e.Ended = e.Bad + max(0, now.Delivered-before.Delivered)
	return e
}

// eta is how long the rest takes at a rate; 0: that cannot be said.
func eta(left int, rate float64) time.Duration {
	if left <= 0 || rate <= 0 {
		return 0
	}
	return time.Duration(float64(left) / rate * float64(time.Second))
}
