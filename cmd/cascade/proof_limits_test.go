//go:build proof && linux

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// proveLimits lets two workers share limits with a backlog that never ends: in no
// sliding window does the provider see more than it allows, and at least 95 % of it.
func proveLimits(t *testing.T, binary string) {
	t.Run("fifty", func(t *testing.T) {
		proveLimit(t, binary, sized("50/1s 1000/1m", "50/1s 330/20s"), sized(3*time.Minute, 25*time.Second))
	})
	t.Run("thousand", func(t *testing.T) {
		proveLimit(t, binary, "1000/1s", sized(time.Minute, 15*time.Second))
	})
}

// proveLimit holds an account to its limits. What is measured is when requests arrive;
// they may start up to 10 ms late, and every window is kept 10 ms longer for that. A
// machine that stands still for longer on their way spoils the measure, and then it is
// taken once more.
func proveLimit(t *testing.T, binary, published string, long time.Duration) {
	const slack = 10 * time.Millisecond
	limits := parseLimits(t, published)
	for again := false; ; again = true {
		sc := calm()
		sc.Outcomes.WhatsApp.Refused = 0.2 // and go on to RCS: two lanes share the limits
		sc.Limits.Account = limits
		l := newLab(t, binary, setup{account: strings.Join(strings.Fields(published), ", "), scenario: sc})
		faults, figures, stall := l.measure(limits, long)
		l.end()
		if len(faults) > 0 && stall > slack && !again {
			t.Logf("measured once more, for the machine stood still for %s: %s", stall, strings.Join(faults, "; "))
			continue
		}
		for _, f := range faults {
			t.Error(f)
		}
		l.proved("limits %s: 2 workers, 2 lanes, %s: %s, longest stall of the machine %.0f ms", published, long, figures, ms(stall))
		return
	}
}

func parseLimits(t *testing.T, published string) (limits []campaign.Limit) {
	t.Helper()
	for _, text := range strings.Fields(published) {
		limit, err := campaign.ParseLimit(text)
		if err != nil {
			t.Fatal(err)
		}
		limits = append(limits, limit)
	}
	return limits
}

// measure sends for so long, and says what was wrong with that, what was measured, and
// for how long the machine stood still at worst.
func (l *lab) measure(limits []campaign.Limit, long time.Duration) (faults []string, figures string, stall time.Duration) {
	l.Helper()
	const id = "limits"
	allowed := ideal(limits, long)
	l.worker("one", "")
	l.worker("two", "")
	l.serve("api,scheduler")
	stalls := l.stalls()
	l.begin(id, sample(id, time.Hour, time.Hour, time.Hour), rows(allowed+allowed/5+500, nil)) // some hundreds stand on the queues
	l.requests(1, time.Minute)
	l.passes("the backlog under limits", long)
	if l.summary(id).Counts["scheduled"] == 0 {
		l.Fatal("the backlog ended before the time did: nothing was proved")
	}
	stall = stalls()
	log := l.log()
	l.judge(log)
	faults, figures = windowsOf(arrivals(log, 0), limits, long, allowed)
	over := l.stats().Overshoot
	if over > 0 {
		faults = append(faults, fmt.Sprintf("the provider counted %d requests above its limits", over))
	}
	return faults, fmt.Sprintf("%s, overshoot %d", figures, over), stall
}

// windowsOf holds arrivals against the limits, and against what those allow.
func windowsOf(at []int64, limits []campaign.Limit, long time.Duration, allowed int) (faults []string, figures string) {
	within := 0
	for within < len(at) && at[within]-at[0] < long.Microseconds() {
		within++
	}
	used := 100 * float64(within) / float64(allowed)
	figures = fmt.Sprintf("%d requests, %.1f %% of the %d allowed, worst windows", within, used, allowed)
	for _, limit := range limits {
		most := worst(at, limit.Window)
		if figures += fmt.Sprintf(" %d/%s", most, campaign.FormatDuration(limit.Window)); most > limit.N {
			faults = append(faults, fmt.Sprintf("%d requests within %s, the limit is %s", most, limit.Window, limit))
		}
	}
	if used < 95 {
		faults = append(faults, fmt.Sprintf("%d requests of the %d allowed: %.1f %%, want at least 95 %%", within, allowed, used))
	}
	return faults, figures
}
