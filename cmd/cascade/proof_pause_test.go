//go:build proof && linux

package main

import (
	"slices"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// provePause pauses and resumes a campaign at full speed, again and again: after each
// answer only what it names may still start, within 100 ms, and nothing is lost or
// doubled.
func provePause(t *testing.T, binary string) {
	people, toggles := sized(15_000, 3_000), sized(100, 20)
	l := newLab(t, binary, setup{whatsapp: "300/1s", scenario: lively()})
	const id = "pause"
	l.worker("one", "")
	l.worker("two", "")
	l.serve("api,scheduler")
	stalls := l.stalls()
	l.begin(id, sample(id, 4*time.Second, 4*time.Second, 4*time.Second), rows(people, nil))
	var orders, resumed []order
	for range toggles {
		l.requests(int(l.stats().Requests)+people/toggles/2, time.Minute)
		orders = append(orders, l.order(id, "pause"))
		l.until("what was in flight to end", time.Minute, func() bool { return l.summary(id).Counts["sending"] == 0 })
		resumed = append(resumed, l.order(id, "resume"))
	}
	l.closed(id, time.Duration(people)*20*time.Millisecond+time.Minute)
	l.told()
	log := l.log()
	l.judge(log)
	l.settled(id, people, log)
	s := l.stragglers(log, orders, resumed, stalls())
	l.proved("pause: %d people, %d pauses at full speed: in flight %d to %d (median %d), started after the answer at most %d, the latest %.1f ms after it; lost 0, doubled 0",
		people, toggles, s.inFlight[0], s.inFlight[toggles-1], quantile(s.inFlight, 0.5), s.most, float64(s.latest)/1000)
}

// proveCancel cancels a campaign at full speed.
func proveCancel(t *testing.T, binary string) {
	people := sized(15_000, 3_000)
	l := newLab(t, binary, setup{whatsapp: "300/1s", scenario: lively()})
	const id = "cancel"
	l.worker("one", "")
	l.worker("two", "")
	l.serve("api,scheduler")
	stalls := l.stalls()
	l.begin(id, sample(id, 4*time.Second, 4*time.Second, 4*time.Second), rows(people, nil))
	l.requests(people/3, time.Minute)
	cancel := l.order(id, "cancel")
	sum := l.closed(id, time.Minute)
	took := time.Since(cancel.answered)
	l.told()
	log := l.log()
	l.judge(log)
	l.settled(id, people, log)
	s := l.stragglers(log, []order{cancel}, nil, stalls())
	if sum.Counts["cancelled"] < people/3 {
		t.Errorf("%d messages are cancelled, want most of those that were not sent: %v", sum.Counts["cancelled"], sum.Counts)
	}
	l.proved("cancel: %d people, in flight %d, started after the answer %d, the latest %.1f ms after it; cancelled %d, all closed after %.1fs, %v",
		people, cancel.InFlight, s.most, float64(s.latest)/1000, sum.Counts["cancelled"], took.Seconds(), nonZero(sum))
}

// stragglers is what started after campaigns were stopped.
type stragglers struct {
	inFlight []int // sorted
	most     int   // requests after one answer
	latest   int64 // µs after its answer
}

// stragglers counts what started between each stop's answer and the next resume. What
// they may take on their way, besides the 100 ms, is how long the machine stood still.
func (l *lab) stragglers(log []simulator.Record, stops, resumed []order, stall time.Duration) (s stragglers) {
	l.Helper()
	at := arrivals(log, 0)
	for i, stop := range stops {
		from, to := stop.answered.UnixMicro(), int64(1<<62)
		if i < len(resumed) {
			to = resumed[i].asked.UnixMicro()
		}
		n, last := 0, int64(0)
		for _, a := range at {
			if a > from && a < to {
				n, last = n+1, a-from
			}
		}
		if n > stop.InFlight {
			l.Errorf("stop %d: in flight %d, but %d requests started after the answer", i+1, stop.InFlight, n)
		}
		if last > (100*time.Millisecond + stall).Microseconds() {
			l.Errorf("stop %d: a request started %.1f ms after the answer, want at most 100 ms", i+1, float64(last)/1000)
		}
		s.inFlight, s.most, s.latest = append(s.inFlight, stop.InFlight), max(s.most, n), max(s.latest, last)
	}
	slices.Sort(s.inFlight)
	return s
}

func nonZero(sum campaign.Summary) map[string]int {
	counts := map[string]int{}
	for phase, n := range sum.Counts {
		if n > 0 {
			counts[phase] = n
		}
	}
	return counts
}
