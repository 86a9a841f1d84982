package fallback

import "github.com/seed-438792ba/cascade/campaign"

// Count names one number that a campaign keeps: for the campaign as a whole, for a
// leg, or for a leg in a phase. Every count is a sum over the records, so a recount
// of the records must give it again.
type Count struct {
	What What
	Leg  uint8
	By   uint8 // InPhase: the Phase; Escalated: the End; Resolved: the Doubt
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
	Throttled // 429s
	Escalated // attempts that ended so and made way for the next leg
	whatCount
)

// Counts are numbers to add, by name.
type Counts map[Count]int

// Tally is what one record adds to the counts.
func Tally(r *Record) Counts {
	n := Counts{{What: InPhase, Leg: r.State.Leg, By: uint8(r.State.Phase)}: 1}
	for mark, what := range map[Marks]What{Read: MarkRead, Overlap: MarkOverlap, Late: MarkLate} {
		if r.State.Marks.Has(mark) {
			n[Count{What: what}]++
		}
	}
	for i := range r.History {
		n.attempt(r, &r.History[i])
	}
	return n
}

func (n Counts) attempt(r *Record, a *Attempt) {
	leg := func(what What, add int) {
		if add > 0 {
			n[Count{What: what, Leg: a.Leg}] += add
		}
	}
	leg(Throttled, int(a.Throttled))
	if a.Doubt > InDoubt {
		n[Count{What: Resolved, By: uint8(a.Doubt)}]++
	}
	if a.Best >= FactStarted {
		leg(LegSent, 1)
	}
	if a.Best >= FactAccepted {
		leg(LegAccepted, 1)
	}
	switch {
	case a.Best == FactRead:
		leg(LegRead, 1)
		leg(LegDelivered, 1)
	case a.Best == FactDelivered:
		leg(LegDelivered, 1)
	case a.End == TimedOut:
		leg(LegTimedOut, 1)
	case a.End == Refused:
		leg(LegRefused, 1)
	case a.End != NoEnd:
		leg(LegUndelivered, 1)
	}
	if a.End != NoEnd && (a.Try < r.State.Try || a.Leg < r.State.Leg) {
		n[Count{What: Escalated, Leg: a.Leg, By: uint8(a.End)}]++
	}
}

// Difference is what a move from before to after adds to the counts.
func Difference(before, after *Record) Counts {
	n := Tally(after)
	for c, k := range Tally(before) {
		if n[c] -= k; n[c] == 0 {
			delete(n, c)
		}
	}
	return n
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
		}
	}
	return s
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
