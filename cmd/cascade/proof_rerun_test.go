//go:build proof && linux

package main

import (
	"testing"
	"time"
)

// proveRerun kills a run that is everything in one process, and starts it again with
// the same files: it goes on where it was, and nobody gets it twice.
func proveRerun(t *testing.T, binary string) {
	people, kills := sized(10_000, 1_500), sized(6, 3)
	l := newLab(t, binary, setup{account: "150/1s", scenario: lively()})
	const id = "rerun"
	file, csv := l.file("rerun.yaml", sample(id, 3*time.Second, 3*time.Second, 3*time.Second)), l.file("people.csv", rows(people, nil))
	for i := range kills {
		run := l.alone(file, csv)
		if i == 0 { // while it imports, or little later
			l.until("the campaign to be entered", time.Minute, func() bool { _, err := l.ledger.Find(l.Context(), id); return err == nil })
		} else {
			l.requests(i*people*8/10/kills, time.Duration(people)*20*time.Millisecond+time.Minute)
		}
		run.kill()
	}
	sum := l.finished(l.alone(file, csv), time.Duration(people)*20*time.Millisecond+2*time.Minute)
	l.told()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	l.proved("rerun: %d people, one process for everything killed %d times and run again: lost 0, doubled 0, requests %d, unknown resolved %v",
		people, kills, j.requests, sum.UnknownResolved)
}

// alone starts a run that does everything by itself.
func (l *lab) alone(c, recipients string) *process {
	l.Helper()
	return l.launch("alone", nil, "run", c, "--recipients", recipients, "--config", l.config, "--output", "json")
}
