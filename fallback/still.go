package fallback

import (
	"context"
	"slices"
	"time"
)

// Still is a time in which a lane's waits stand still, for no receipt could come, or what
// was missed is still being sent again. It does not count for who waited meanwhile.
type Still struct {
	From, Until time.Time
	Back        time.Time // who was sent since then waits as usual; zero: nobody
	Open        bool      // it may end sooner: Until is the latest
}

// How soon an alarm rings again while nobody knows when the lane goes on: not later than
// this after it has.
const lookAgain = time.Minute

// Rest is how much longer a message waits whose alarm rings at now: as long as its lane
// stood still since its request, and still will. 0: its wait is over.
func (r *Record) Rest(wait time.Duration, stills []Still, now time.Time) time.Duration {
	a := r.find(int(r.State.Leg), int(r.State.Try))
	if a == nil || !only(Unknown, Waiting).has(r.State.Phase) {
		return 0
	}
	since := a.Answered
	if since.IsZero() {
		since = a.Claimed
	}
	var stood, ahead time.Duration
	uncertain, end := false, since // what lies before end is counted
	for _, s := range slices.SortedFunc(slices.Values(stills), func(a, b Still) int { return a.From.Compare(b.From) }) {
		if !s.Back.IsZero() && !since.Before(s.Back) {
			continue
		}
		from := later(s.From, end)
		if !s.Until.After(from) || !now.After(s.From) {
			continue
		}
		end = s.Until
		stood += max(0, earlier(s.Until, now).Sub(from))
		ahead += max(0, s.Until.Sub(later(from, now)))
		uncertain = uncertain || s.Open && s.Until.After(now)
	}
	left := wait - (now.Sub(since) - stood)
	switch {
	case stood == 0 || left <= 0:
		return 0
	case uncertain:
		return max(left, lookAgain)
	}
	return left + ahead
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// PutOff gives more time to records whose alarm rang while their lane stood still, or
// had stood still meanwhile. A record that moved since answers ErrStale: then there is
// nothing to put off.
func (d *Door) PutOff(ctx context.Context, now time.Time, records []Record, by []time.Duration) ([]Result, error) {
	return d.judgeEach(ctx, now, records, func(i int) Event { return Event{Kind: OnStill, In: by[i]} })
}
