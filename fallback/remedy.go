package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Remedy is what can be done on a lane about a request of which nobody knows whether
// it was taken, before the campaign's policy decides.
type Remedy uint8

// The remedies.
const (
	Await  Remedy = iota // a receipt may come
	Ask                  // the provider can be asked by our id
	Repeat               // sent again with the same id, it is taken once
)

const (
	// firstCheck is how long after an outcome became unknown the first thing is done
	// about it. Each further one comes after twice as long.
	firstCheck = 5 * time.Second
	// AskEnds bounds how long the last answer is waited for once a leg's wait is over.
	AskEnds = 15 * time.Second
	// missingFor is how long a provider must have said that it has nothing of a request
	// before it is believed: what it has just taken, it may not yet know of. (Qlara's
	// contract gives a minute.)
	missingFor = time.Minute
)

// check is the one rule by which the clock rings while a provider is waited for: how
// long after the save, and whether the leg's wait is over then. Where it can be asked,
// it is asked once when the wait is over, and while the outcome is unknown before that
// too: after 5, 15, 35, 75, … seconds. Where the request can be repeated that is done
// up to four times, and then a receipt has the whole wait to come.
func (r Remedy) check(wait time.Duration, s State) (in time.Duration, over bool) {
	switch {
	case r == Ask && s.Phase == Waiting && s.Checks == 0:
		return wait, false
	case r == Ask && s.Phase == Unknown && askedAt(s.Checks, wait) < wait:
		return askedAt(s.Checks+1, wait) - askedAt(s.Checks, wait), false
	case r == Ask:
		return AskEnds, true
	case r == Repeat && s.Phase == Unknown && s.Checks == 0 && s.patient():
		return min(firstCheck<<s.Fails, wait), false
	}
	return wait, true
}

// askedAt is when the n-th question about an unknown outcome is asked, the last one
// when the leg's wait is over.
func askedAt(n uint8, wait time.Duration) (at time.Duration) {
	for gap := firstCheck; n > 0 && at < wait; n-- {
		at, gap = at+gap, 2*gap
	}
	return min(at, wait)
}

// remedy is what can be done on the leg where the message stands. Of a chain that the
// provider runs no question about one channel tells the whole: its receipts are awaited.
func (d *Door) remedy(c *campaign.Campaign, s State) Remedy {
	if d.Remedy == nil || len(c.Route[s.Leg].Chain) > 0 {
		return Await
	}
	return d.Remedy(c.Route[s.Leg].Lane())
}
