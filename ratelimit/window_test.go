package ratelimit

import (
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// worst is the largest number of starts in any window of this length.
func worst(starts []time.Time, window time.Duration) int {
	most, first := 0, 0
	for i, s := range starts {
		for s.Sub(starts[first]) >= window {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// usage is how much of what a limit allows was used in the time.
func usage(starts []time.Time, l campaign.Limit, during time.Duration) float64 {
	return float64(len(starts)) / (l.PerSecond() * during.Seconds())
}

// checkWindows fails if a limit was ever exceeded.
func checkWindows(t *testing.T, starts []time.Time, ls Limits) {
	t.Helper()
	slices.SortFunc(starts, time.Time.Compare)
	for _, l := range ls {
		if got := worst(starts, l.Window); got > l.N {
			t.Errorf("limit %s: %d requests started in one window", l, got)
		}
	}
}

func TestWorstSeesABurst(t *testing.T) {
	t.Parallel()
	var starts []time.Time
	for _, ms := range []int{0, 999, 1000, 1001, 1500, 2000, 2500} {
		starts = append(starts, time.Unix(0, 0).Add(time.Duration(ms)*time.Millisecond))
	}
	if got := worst(starts, time.Second); got != 4 {
		t.Errorf("worst window of %v has %d starts, want 4", starts, got)
	}
}
