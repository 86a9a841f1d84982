package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Place is where an open message stands: in exactly one line, or on the clock.
type Place struct {
	Kind PlaceKind
	Leg  int           // Line: of which leg
	At   time.Time     // Line: the time from which it may go; zero: now, by the ledger's clock
	In   time.Duration // Clock: its alarm rings so long after the save, by the ledger's clock
}

// PlaceKind is the kind of a place.
type PlaceKind uint8

// The places. Kept says that a save leaves the message where it stands.
const (
	Nowhere PlaceKind = iota
	Line
	Clock
	Kept
)

// JobLost and ClaimEnds bound how long a message is queued or sending before its
// alarm rings: the first takes it back to the line, the second makes it unknown.
const (
	JobLost   = 30 * time.Second
	ClaimEnds = 30 * time.Second
)

// placeOf is the one rule by which each phase stands somewhere.
func placeOf(c *campaign.Campaign, r *Record, remedy Remedy) Place {
	switch r.State.Phase {
	case Scheduled:
		return Place{Kind: Line, Leg: int(r.State.Leg), At: r.Due}
	case Queued:
		return Place{Kind: Clock, In: JobLost}
	case Sending:
		return Place{Kind: Clock, In: ClaimEnds}
	case Unknown, Waiting:
		in, _ := remedy.check(c.Route[r.State.Leg].Wait, r.State)
		return Place{Kind: Clock, In: in}
	}
	return Place{Kind: Nowhere}
}

// moved says whether a step takes a message to another place, or arms its next alarm.
// What only marks or notes leaves its alarm as it was armed.
func moved(before, after State) bool {
	return before.Phase != after.Phase || before.Leg != after.Leg || before.Try != after.Try || before.Checks != after.Checks
}
