package fallback

import (
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
)

// Count names one number that a campaign keeps: for the campaign as a whole, for a
// leg, or for a leg in a phase. Every count is a sum over the records, so a recount
// of the records must give it again.
type Count struct {
	What What
	Leg  uint8
	By   uint8 // InPhase: the Phase; Escalated: the End; Resolved: the Doubt; LegReached: the channel
}

// What is a kind of count.
type What uint8

// The kinds of counts.
const (
	InPhase        What = iota // messages on this leg in this phase
	MarkRead                   // messages
	MarkOverlap                // messages
	MarkLate                   // messages
	Resolved                   // attempts that were unknown, by how that was resolved
	LegSent                    // attempts whose request was started
	LegAccepted                // attempts that were taken, or more
	LegDelivered               // attempts that were delivered, or read
	LegRead                    // attempts that were read
	LegUndelivered             // attempts that ended so, and were not delivered after all
	LegTimedOut
	LegRefused
	Throttled  // 429s
	Escalated  // attempts that ended so and made way for the next leg
	LegReached // attempts of a provider's chain, by the channel that reached the person
	whatCount
)

// Counts are numbers by name.
type Counts map[Count]int

// Add is a number to add to a count.
type Add struct {
	Count
	N int
}

// Tally is what one record adds to the counts.
func Tally(r *Record) Counts {
	n := Counts{}
	var s sum
	s.record(r, 1)
	for _, a := range s {
		n[a.Count] += a.N
	}
	return n
}

// Difference is what a move from before to after adds to the counts, in an order that
// is the same for moves of the same kind.
func Difference(before, after *Record) []Add {
	s := make(sum, 0, 12)
	s.record(after, 1)
	s.record(before, -1)
	return slices.DeleteFunc(s, func(a Add) bool { return a.N == 0 })
}

// Adds is what the move adds to one count.
func (m *Move) Adds(c Count) int {
	for _, a := range m.Counts {
		if a.Count == c {
			return a.N
		}
	}
	return 0
}

// sum is a few counts; it is short, and looked through from its start.
type sum []Add

func (s *sum) add(c Count, n int) {
	for i := range *s {
		if a := &(*s)[i]; a.Count == c {
			a.N += n
			return
		}
	}
	*s = append(*s, Add{c, n})
}

var markCounts = [...]struct {
	mark Marks
	what What
}{{Read, MarkRead}, {Overlap, MarkOverlap}, {Late, MarkLate}}

func (s *sum) record(r *Record, times int) {
	s.add(Count{What: InPhase, Leg: r.State.Leg, By: uint8(r.State.Phase)}, times)
	for _, m := range markCounts {
		if r.State.Marks.Has(m.mark) {
			s.add(Count{What: m.what}, times)
		}
	}
	for i := range r.History {
		s.attempt(r, &r.History[i], times)
	}
}

func (s *sum) attempt(r *Record, a *Attempt, times int) {
	leg := func(what What) { s.add(Count{What: what, Leg: a.Leg}, times) }
	if a.Throttled > 0 {
		s.add(Count{What: Throttled, Leg: a.Leg}, times*int(a.Throttled))
	}
	if a.Doubt > InDoubt {
		s.add(Count{What: Resolved, By: uint8(a.Doubt)}, times)
	}
	if a.Best >= FactStarted {
		leg(LegSent)
	}
	if a.Best >= FactAccepted {
		leg(LegAccepted)
	}
	if a.Reached != 0 {
		s.add(Count{What: LegReached, Leg: a.Leg, By: uint8(a.Reached)}, times)
	}
	switch {
	case a.Best == FactRead:
		leg(LegRead)
		leg(LegDelivered)
	case a.Best == FactDelivered:
		leg(LegDelivered)
	case a.End == TimedOut:
		leg(LegTimedOut)
	case a.End == Refused:
		leg(LegRefused)
	case a.End != NoEnd:
		leg(LegUndelivered)
	}
	if a.End != NoEnd && (a.Try < r.State.Try || a.Leg < r.State.Leg) {
		s.add(Count{What: Escalated, Leg: a.Leg, By: uint8(a.End)}, times)
	}
}

// Summary puts the counts of a campaign's shards together into what people read.
func (n Counts) Summary(c *campaign.Campaign) campaign.Summary {
	s := campaign.Summary{
		Campaign: c.ID,
		Counts:   make(map[string]int, phaseCount),
		Read:     n[Count{What: MarkRead}],
		Overlaps: n[Count{What: MarkOverlap}],
		Late:     n[Count{What: MarkLate}],
		UnknownResolved: map[string]int{
			DoubtByReceipt.String(): n[Count{What: Resolved, By: uint8(DoubtByReceipt)}],
			DoubtByAsking.String():  n[Count{What: Resolved, By: uint8(DoubtByAsking)}],
			DoubtByPolicy.String():  n[Count{What: Resolved, By: uint8(DoubtByPolicy)}],
		},
		Legs: make([]campaign.LegSummary, len(c.Route)),
	}
	for _, p := range Phases() {
		s.Counts[p.String()] = n.Phase(p)
		s.Accepted += n.Phase(p)
	}
	for i, leg := range c.Route {
		of := func(w What) int { return n[Count{What: w, Leg: uint8(i)}] }
		s.Legs[i] = campaign.LegSummary{
			Channel: leg.Channel, Account: leg.Account,
			Sent: of(LegSent), Accepted: of(LegAccepted), Delivered: of(LegDelivered),
			Undelivered: of(LegUndelivered), TimedOut: of(LegTimedOut), Refused: of(LegRefused), Throttled: of(Throttled),
			Reached: n.reached(i, leg),
		}
	}
	return s
}

// reached are the deliveries of a provider's chain by channel; nil where there is none.
func (n Counts) reached(leg int, of campaign.Leg) map[string]int {
	if len(of.Chain) == 0 {
		return nil
	}
	by := make(map[string]int, len(of.Chain)+2)
	untold := n[Count{What: LegDelivered, Leg: uint8(leg)}]
	for _, link := range of.Links() {
		told := n[Count{What: LegReached, Leg: uint8(leg), By: uint8(link.Channel)}]
		by[link.Channel.String()] = told
		untold -= told
	}
	by[campaign.NotTold] = untold
	return by
}

// Phase is the number of messages in a phase, over all legs.
func (n Counts) Phase(p Phase) (sum int) {
	for leg := range uint8(campaign.MaxLegs) {
		sum += n[Count{What: InPhase, Leg: leg, By: uint8(p)}]
	}
	return sum
}

// Open is the number of messages that still move.
func (n Counts) Open() (sum int) {
	for p := Scheduled; p.Open(); p++ {
		sum += n.Phase(p)
	}
	return sum
}
