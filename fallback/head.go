package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Head is one shard's line or clock, with the earliest time at which something in it
// is due, as the ledger's index has it.
type Head struct {
	Campaign campaign.Number
	Shard    int
	Leg      int // OnClock: not a line, but the clock
	Lane     campaign.Lane
	Due      time.Time
}

// OnClock is the Leg of a clock's head.
const OnClock = -1
