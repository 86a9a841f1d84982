package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
)

// legPace is how long a leg's sends take at least, if everybody is tried on it.
type legPace struct {
	Lane    string           `json:"lane"`
	Limits  []campaign.Limit `json:"limits"` // the lane's, the account's and the campaign's
	Seconds float64          `json:"seconds"`
}

// addPace tells the time that the limits demand for the accepted recipients.
func (v *validation) addPace(accounts config.Accounts) {
	for _, leg := range v.campaign.Route {
		lane, _ := accounts.Lane(leg.Lane())
		limits := slices.Concat(lane.Limits, lane.AccountLimits, v.campaign.Throttle)
		v.Pace = append(v.Pace, legPace{leg.Lane().String(), orEmpty(limits), fastest(v.Accepted, limits).Seconds()})
	}
}

func (l legPace) String() string {
	if len(l.Limits) == 0 {
		return "no limit"
	}
	took := time.Duration(l.Seconds * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%s at least, by %s", campaign.FormatDuration(took), limitsText(l.Limits))
}

// fastest is how long after the first of n requests the last one may start, where the
// requests of the shortest window are spread evenly over it.
func fastest(n int, limits []campaign.Limit) time.Duration {
	limits = slices.SortedFunc(slices.Values(limits), func(a, b campaign.Limit) int {
		return cmp.Or(cmp.Compare(b.Window, a.Window), cmp.Compare(a.N, b.N)) // the longest first
	})
	limits = slices.CompactFunc(limits, func(a, b campaign.Limit) bool { return a.Window == b.Window })
	return after(max(n-1, 0), limits)
}

// after is when the request comes that has n before it. A window that its limit has
// filled must pass as a whole; what is left goes at the pace of the shorter ones.
func after(n int, limits []campaign.Limit) time.Duration {
	switch len(limits) {
	case 0:
		return 0
	case 1:
		return time.Duration(float64(n) / limits[0].PerSecond() * float64(time.Second))
	}
	longest, shorter := limits[0], limits[1:]
	full := time.Duration(n/longest.N) * longest.Window
	return max(full+after(n%longest.N, shorter), after(n, shorter))
}
