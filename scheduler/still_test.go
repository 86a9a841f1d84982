package scheduler_test

import (
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// night is a desk whose clock, and Redis', the test tells, with the watch over receipts.
type night struct {
	*desk
	mini    *miniredis.Miniredis
	now     time.Time
	rules   store.HearingRules
	hearing *store.Hearing
	number  campaign.Number
}

func newNight(t *testing.T, people int, rules store.HearingRules) *night {
	mini, client := redistest.Mini(t)
	n := &night{desk: newDesk(t, client, 1000), mini: mini, now: time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC), rules: rules}
	mini.SetTime(n.now)
	n.Now = func() time.Time { return n.now }
	n.restart()
	n.number = n.campaign("spring", people)
	return n
}

// restart begins with a new process, which knows nothing but what Redis does.
func (n *night) restart() {
	n.t.Helper()
	s, err := store.New(n.t.Context(), store.Options{Client: n.client, Now: func() time.Time { return n.now }})
	must(n.t, err)
	n.hearing = s.NewHearing(n.rules, lane, campaign.Lane{Account: "a", Channel: campaign.SMS})
	n.door.Ledger, n.Rest = n.hearing.Ledger(s), n.hearing.Rest
}

// listening are rules for nights in which no process that takes callbacks is away.
var listening = store.HearingRules{Gap: 100 * time.Hour}

// at is so long after noon. The receiver takes callbacks all the time.
func (n *night) at(d time.Duration) {
	n.t.Helper()
	step := 4 * time.Second
	if n.rules == listening {
		step = time.Hour
	}
	for noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC); n.now.Before(noon.Add(d)); {
		n.now = n.now.Add(min(step, noon.Add(d).Sub(n.now)))
		n.mini.SetTime(n.now)
		must(n.t, n.hearing.Flush(n.t.Context(), true))
	}
}

// send has the provider accept every job on the queues.
func (n *night) send() {
	n.t.Helper()
	n.round()
	for _, j := range n.jobs {
		for _, e := range []fallback.Event{{Kind: fallback.OnClaim, Mark: j.Ticket}, {Kind: fallback.OnAccepted}} {
			e.Attempt = j.Attempt
			results, err := n.door.Advance(n.t.Context(), n.now, fallback.Order{ID: j.Attempt.Message(), Event: e})
			must(n.t, err)
			must(n.t, results[0].Err)
		}
	}
	n.jobs = nil
	must(n.t, n.hearing.Flush(n.t.Context(), true))
}

// waiting wants so many to wait for a receipt of the first leg, after some rounds.
func (n *night) waiting(what string, want int) {
	n.t.Helper()
	for range 3 {
		n.round()
	}
	counts := n.counts(n.number)
	got := counts[fallback.Count{What: fallback.InPhase, Leg: 0, By: uint8(fallback.Waiting)}]
	if got != want {
		n.t.Errorf("%s: %d wait on the first leg, want %d: %v", what, got, want, counts)
	}
	problems, err := n.store.Audit(n.t.Context(), n.number)
	if must(n.t, err); len(problems) > 0 {
		n.t.Errorf("%s: audit: %v", what, problems)
	}
}

// A broken webhook does not turn a list into SMS: alarms are put off while it lasts, over
// restarts, and each message then has the time that was left of its wait.
func TestReceiptsStopAndComeAgain(t *testing.T) {
	n := newNight(t, 60, listening)
	n.send()
	n.at(29 * time.Minute)
	n.waiting("before the wait is over", 60)
	n.at(31 * time.Minute)
	n.waiting("after the wait", 60)
	n.restart()
	n.at(3 * time.Hour)
	n.waiting("hours later, in another process", 60)

	n.hearing.Heard(lane)
	n.at(3*time.Hour + 9*time.Minute)
	n.waiting("nine minutes after the first receipt", 60)
	n.at(3*time.Hour + 39*time.Minute)
	n.waiting("waits have gone on for 29 minutes", 60)
	n.at(3*time.Hour + 41*time.Minute)
	n.waiting("and for their 30", 0)
}

func TestWaitsGoOnAfterSixHours(t *testing.T) {
	n := newNight(t, 60, listening)
	n.send()
	n.at(6*time.Hour + 29*time.Minute)
	n.waiting("six hours, and nearly the wait", 60)
	n.at(6*time.Hour + 31*time.Minute)
	n.waiting("six hours and the wait", 0)
}

func TestAPersonLetsWaitsGoOn(t *testing.T) {
	n := newNight(t, 60, listening)
	n.send()
	n.at(40 * time.Minute)
	n.waiting("after the wait", 60)
	must(t, n.hearing.GoOn(t.Context(), lane))
	n.at(69 * time.Minute)
	n.waiting("29 minutes after a person's word", 60)
	n.at(72 * time.Minute)
	n.waiting("and 32", 0)
}

func TestFewPeopleWhoAreSilentAreEscalated(t *testing.T) {
	n := newNight(t, 49, listening)
	n.send()
	n.at(31 * time.Minute)
	n.waiting("after the wait", 0)
}

// Nobody took callbacks for ten minutes: who was sent before has ten minutes more, and
// those who are sent after have not.
func TestAGapOfTheReceiverIsWaitedOut(t *testing.T) {
	n := newNight(t, 10, store.HearingRules{})
	n.send()
	n.at(15 * time.Minute)
	n.now = n.now.Add(10 * time.Minute)
	n.mini.SetTime(n.now)
	n.at(49 * time.Minute)
	n.waiting("30 minutes, ten of the gap, and nine for what it missed", 10)
	n.at(51 * time.Minute)
	n.waiting("and ten", 0)
}
