package campaign

import "time"

// Summary is a campaign's numbers from one snapshot. Accepted is the sum of Counts.
type Summary struct {
	Campaign        string         `json:"campaign"`
	State           string         `json:"state"`
	Accepted        int            `json:"accepted"`
	Rejected        int            `json:"rejected"`
	Counts          map[string]int `json:"counts"` // each phase's name to its messages
	Read            int            `json:"read"`
	Overlaps        int            `json:"overlaps"`
	Late            int            `json:"late"`
	UnknownResolved map[string]int `json:"unknown_resolved"` // receipt, asking, policy
	Legs            []LegSummary   `json:"legs"`
	StartedAt       *time.Time     `json:"started_at"`
	FinishedAt      *time.Time     `json:"finished_at"`
}

// LegSummary counts a leg's attempts, each by its best fact.
type LegSummary struct {
	Channel     Channel `json:"channel"`
	Account     string  `json:"account"`
	Sent        int     `json:"sent"` // attempts for which a request was started
	Accepted    int     `json:"accepted"`
	Delivered   int     `json:"delivered"`
	Undelivered int     `json:"undelivered"`
	TimedOut    int     `json:"timed_out"`
	Refused     int     `json:"refused"`
	Throttled   int     `json:"throttled"` // times a 429 sent an attempt back; no attempt is used up
	// Reached is how many each channel of a provider's chain reached, and NotTold those
	// of which it was not told; nil where Cascade runs the fallback.
	Reached map[string]int `json:"reached,omitempty"`
}

// NotTold stands in LegSummary.Reached for no channel.
const NotTold = "not_told"
