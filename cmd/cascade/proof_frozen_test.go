//go:build proof && linux

package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
)

// proveFrozen freezes a worker right after a claim, for longer than any claim lasts.
// What it held moves on without it, and when it wakes it sends none of it.
func proveFrozen(t *testing.T, binary string) {
	people, freeze := sized(8_000, 3_000), sized(60*time.Second, 35*time.Second)
	l := newLab(t, binary, setup{account: "200/1s", scenario: calm()})
	const id = "frozen"
	l.serve("api,scheduler")
	l.worker("steady", "")
	frozen := l.worker("frozen", "stop@claimed:20")
	watch := l.watch(id)
	l.begin(id, sample(id, 3*time.Second, 5*time.Second, 5*time.Second), rows(people, nil))
	l.until("the worker to freeze", time.Minute, frozen.frozen)
	began := time.Now()
	l.passes("the freeze", freeze)
	if !frozen.frozen() {
		t.Fatal("the worker was not frozen all the time")
	}
	held := l.heldSince(id, began)
	woke := time.Now()
	frozen.signal(syscall.SIGCONT)
	l.closed(id, time.Duration(people)*10*time.Millisecond+time.Minute)
	l.passes("the woken worker to do what it had in hand", 2*time.Second)
	if sized(true, false) { // asynq's own recovery, once a minute, hands it out again
		l.until("every job to be done with, those of the frozen worker too", 3*time.Minute, func() bool { return l.jobs() == 0 })
	}
	l.told()
	watch.end()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	late := 0
	for _, r := range log {
		if held[r.MessageID] && r.At > began.UnixMicro() {
			late++
			t.Errorf("attempt %s, claimed by the frozen worker, was requested %d ms after it froze and %d ms after it woke",
				r.MessageID, (r.At-began.UnixMicro())/1000, (r.At-woke.UnixMicro())/1000)
		}
	}
	if len(held) == 0 {
		t.Error("the frozen worker held no claim: nothing was proved")
	}
	if frozen.hasEnded() {
		t.Error("the worker did not live on after it woke")
	}
	l.proved("frozen: %d people, worker frozen %s after a claim: %d attempts held, %d of them requested after the freeze, requests %d, longest in sending %.1fs, unknown resolved %v",
		people, freeze, len(held), late, j.requests, watch.sending.Seconds(), l.summary(id).UnknownResolved)
}

// heldSince gives the attempts that were claimed before this time and were unknown
// since: those that the frozen worker held.
func (l *lab) heldSince(id string, froze time.Time) map[string]bool {
	l.Helper()
	held := map[string]bool{}
	err := l.ledger.Each(l.Context(), l.ledger.IDKey().Number(id), func(r *fallback.Record) error {
		for _, a := range r.History {
			if a.Doubt != fallback.NoDoubt && a.Claimed.Before(froze) {
				held[r.ID.Attempt(int(a.Leg), int(a.Try)).String()] = true
			}
		}
		return nil
	})
	if err != nil {
		l.Fatal(err)
	}
	return held
}
