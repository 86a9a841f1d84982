package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// threshold is what a campaign must reach: "delivered>=0.95", as a share of the
// accepted messages.
type threshold struct {
	phase fallback.Phase
	least float64
}

func parseThresholds(texts []string) ([]threshold, error) {
	var list []threshold
	for _, text := range texts {
		name, value, found := strings.Cut(text, ">=")
		least, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		if !found || err != nil || least < 0 || least > 1 {
			return nil, fmt.Errorf("--threshold %q: want a phase and a share, as in delivered>=0.95", text)
		}
		phase, err := fallback.ParsePhase(strings.TrimSpace(name))
		if err != nil {
			return nil, fmt.Errorf("--threshold %q: %w", text, err)
		}
		list = append(list, threshold{phase, least})
	}
	return list, nil
}

func (t threshold) share(sum campaign.Summary) float64 {
	if sum.Accepted == 0 {
		return 1
	}
	return float64(sum.Counts[t.phase.String()]) / float64(sum.Accepted)
}
