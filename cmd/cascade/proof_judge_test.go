//go:build proof && linux

package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// judged is what the provider's log tells of a proof.
type judged struct {
	requests, taken, escalated int

	lab     *lab
	open    map[string]simulator.Record  // the request of each attempt that may have been taken
	last    map[campaign.MessageID]int   // the leg that was used last
	reached map[campaign.MessageID]int64 // when delivered was first answered 2xx, in µs
	wrong   int
}

// judge holds the provider's log against what may never be in it: a second request
// for an attempt, a leg before its turn, a send to somebody who was reached.
func (l *lab) judge(log []simulator.Record) *judged {
	l.Helper()
	j := &judged{lab: l, open: map[string]simulator.Record{}, last: map[campaign.MessageID]int{}, reached: map[campaign.MessageID]int64{}}
	for i := range log {
		j.request(&log[i])
	}
	for i := range log {
		j.inTime(&log[i])
	}
	return j
}

// blame fails the proof; the first few faults are told.
func (j *judged) blame(r *simulator.Record, format string, args ...any) {
	if j.wrong++; j.wrong <= 10 {
		j.lab.Errorf("attempt %s on %s: %s", r.MessageID, r.Channel, fmt.Sprintf(format, args...))
	}
	j.lab.Fail()
}

func (j *judged) request(r *simulator.Record) {
	attempt, err := campaign.ParseAttemptID(r.MessageID)
	if err != nil {
		j.blame(r, "this is the id of no attempt: %v", err)
		return
	}
	j.note(attempt.Message(), r)
	switch r.Answer {
	case simulator.Throttled, simulator.Unavailable:
		return // not taken, and said so
	case simulator.Duplicate, simulator.Malformed, simulator.Unauthorised:
		j.blame(r, "was answered %s", r.Answer)
	}
	first, again := j.open[r.MessageID]
	if j.lab.forgot && first.Answer == simulator.Refused {
		again = false // nobody got anything by it, and no report tells of it
	}
	if again {
		j.blame(r, "was requested twice, %s apart: answered %s (taken: %t), then %s (taken: %t)", time.Duration(r.At-first.At)*time.Microsecond, first.Answer, first.Taken, r.Answer, r.Taken)
	}
	j.open[r.MessageID] = *r
	leg, last := attempt.Leg(), j.last[attempt.Message()]
	if leg < last {
		j.blame(r, "came after leg %d", last)
	}
	if j.last[attempt.Message()] = leg; leg > 0 {
		j.escalated++
	}
}

func (j *judged) note(id campaign.MessageID, r *simulator.Record) {
	j.requests++
	if r.Taken {
		j.taken++
	}
	for _, c := range r.Callbacks {
		if at := c.At + int64(c.Took); c.Kind == "delivered" && c.Status/100 == 2 && (j.reached[id] == 0 || at < j.reached[id]) {
			j.reached[id] = at
		}
	}
}

// inTime: once a delivered was answered no claim succeeds, and one before it may begin
// its request for 100 ms.
func (j *judged) inTime(r *simulator.Record) {
	const begun = 500_000 // µs, with the way to the provider on a machine that may stand still
	attempt, _ := campaign.ParseAttemptID(r.MessageID)
	if at := j.reached[attempt.Message()]; at != 0 && r.At > at+begun {
		j.blame(r, "came %d ms after its person was reached", (r.At-at)/1000)
	}
}

// settled holds the ledger against itself, the provider's log and the number of people:
// all closed, once each. The provider has told everything by then.
func (l *lab) settled(id string, people int, log []simulator.Record) {
	l.Helper()
	requests := map[string]simulator.Record{} // the one of each attempt that may have been taken
	for _, r := range log {
		if r.Answer != simulator.Throttled && r.Answer != simulator.Unavailable {
			requests[r.MessageID] = r
		}
	}
	number := l.ledger.IDKey().Number(id)
	seen := map[campaign.MessageID]bool{}
	err := l.ledger.Each(l.Context(), number, func(r *fallback.Record) error {
		seen[r.ID] = true
		switch attempt := r.Attempt(); {
		case r.State.Phase.Open():
			l.Errorf("message %s is still open: %s", r.ID, r.State)
		case r.State.Phase == fallback.Delivered && !requests[attempt.String()].Taken:
			l.Errorf("message %s is delivered by attempt %s, which the provider never took", r.ID, attempt)
		}
		for _, a := range r.History {
			l.claimed(r.ID.Attempt(int(a.Leg), int(a.Try)), a.Claimed, requests)
		}
		return nil
	})
	if err != nil {
		l.Fatal(err)
	}
	if len(seen) != people {
		l.Errorf("the ledger holds %d messages, want %d", len(seen), people)
	}
	problems, err := l.ledger.Audit(l.Context(), number)
	if err != nil {
		l.Fatal(err)
	}
	for _, p := range problems {
		l.Errorf("the books do not balance: %s", p)
	}
	l.balanced(l.ledgerSummary(id), people)
}

// claimed: a request comes after its claim, and starts within 100 ms of it.
func (l *lab) claimed(attempt campaign.AttemptID, at time.Time, requests map[string]simulator.Record) {
	l.Helper()
	const begun = 500 * time.Millisecond // with the way to the provider on a machine that may stand still
	r, sent := requests[attempt.String()]
	if late := time.UnixMicro(r.At).Sub(at); sent && (late < -time.Millisecond || late > begun) { // claims are kept in ms
		l.Errorf("attempt %s was requested %s after its claim, want at most %s", attempt, late, begun)
	}
}

// balanced: accepted = the sum over all phases = everybody.
func (l *lab) balanced(sum campaign.Summary, people int) {
	l.Helper()
	total := 0
	for _, n := range sum.Counts {
		total += n
	}
	if sum.Accepted != people || total != people {
		l.Errorf("accepted %d, the phases' sum %d, want %d: %v", sum.Accepted, total, people, sum.Counts)
	}
}

// arrivals are the times of a lane's requests in µs; channel 0: of all.
func arrivals(log []simulator.Record, ch campaign.Channel) []int64 {
	var at []int64
	for _, r := range log {
		if ch == 0 || r.Channel == ch {
			at = append(at, r.At)
		}
	}
	return at
}

// worst is the most requests in any sliding window of this length.
func worst(at []int64, window time.Duration) (most int) {
	first := 0
	for i := range at {
		for at[i]-at[first] >= window.Microseconds() {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// ideal is how many requests the limits allow within a time, evenly spaced.
func ideal(limits []campaign.Limit, within time.Duration) int {
	shortest := slices.MinFunc(limits, func(a, b campaign.Limit) int { return int(a.Window - b.Window) })
	spacing := shortest.Window / time.Duration(shortest.N)
	var slots []time.Duration
	for at := time.Duration(0); at < within; {
		slots = append(slots, at)
		at += spacing
		for _, l := range limits {
			if n := len(slots); n >= l.N {
				at = max(at, slots[n-l.N]+l.Window)
			}
		}
	}
	return len(slots)
}

// quantile of sorted figures.
func quantile[T any](sorted []T, q float64) T {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
