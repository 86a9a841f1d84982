//go:build proof && linux

package main

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// proveThrottled lets the provider answer one request 429 while two workers are at full
// speed: the lane is silent for as long as it asked, nobody is escalated, and no
// attempt is used up.
func proveThrottled(t *testing.T, binary string) {
	people := sized(6_000, 2_000)
	const asked = 3 * time.Second
	sc := calm()
	sc.RetryAfter = campaign.Duration(asked)
	l := newLab(t, binary, setup{whatsapp: "200/1s", scenario: sc})
	const id = "throttled"
	l.worker("one", "")
	l.worker("two", "")
	l.serve("api,scheduler")
	magic := map[int]string{people / 3: "0006"} // one 429, then it is taken
	l.begin(id, sample(id, 20*time.Second, 10*time.Second, 10*time.Second), rows(people, magic))
	sum := l.closed(id, time.Duration(people)*10*time.Millisecond+time.Minute)
	l.told()
	log := l.log()
	l.judge(log)
	l.settled(id, people, log)
	first := sum.Legs[0]
	if first.Throttled != 1 || first.Sent != people || first.Accepted != people || sum.Counts["delivered"] != people {
		t.Errorf("leg 1: %+v, delivered %d: want one 429, and all %d sent, accepted and delivered", first, sum.Counts["delivered"], people)
	}
	if n := sum.Legs[1].Sent + sum.Legs[2].Sent; n != 0 {
		t.Errorf("%d people were escalated, want nobody", n)
	}
	before, begun, early, next := aroundThrottle(l, log, asked)
	if early > 0 {
		t.Errorf("%d requests came within the %s of the 429, want none later than 50 ms after it", early, asked)
	}
	l.proved("throttled: 2 workers, %d requests in the second before the 429, %d more within 50 ms of it, then %d until Retry-After %s was over, the next after %.2fs; 429s %d, attempts used up 0, escalated 0",
		before, begun, early, asked, next.Seconds(), first.Throttled)
}

// aroundThrottle counts the lane's requests around its one 429: in the second before
// its answer, within 50 ms after it, later but too early, and when the next one came.
func aroundThrottle(l *lab, log []simulator.Record, asked time.Duration) (before, begun, early int, next time.Duration) {
	l.Helper()
	var answered int64
	for _, r := range log {
		if r.Answer == simulator.Throttled {
			answered = r.At + int64(r.Took)
		}
	}
	if answered == 0 {
		l.Fatal("the provider answered nothing 429")
	}
	for _, r := range log {
		switch after := time.Duration(r.At-answered) * time.Microsecond; {
		case after <= -time.Second:
		case after <= 0:
			before++
		case after <= 50*time.Millisecond:
			begun++
		case after < asked:
			early++
		case next == 0:
			next = after
		}
	}
	return before, begun, early, next
}
