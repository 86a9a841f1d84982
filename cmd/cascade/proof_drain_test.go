//go:build proof && linux

package main

import (
	"syscall"
	"testing"
	"time"
)

// proveDrain stops a worker by SIGTERM at full speed: it ends what it has in hand and
// exits 0, and nothing is lost or in doubt.
func proveDrain(t *testing.T, binary string) {
	people, drains := sized(10_000, 2_500), sized(8, 3)
	l := newLab(t, binary, setup{whatsapp: "300/1s", scenario: calm()})
	const id = "drain"
	run := l.run(l.file("drain.yaml", sample(id, 20*time.Second, 10*time.Second, 10*time.Second)), l.file("people.csv", rows(people, nil)))
	worker, longest := l.worker("drained", ""), time.Duration(0)
	for i := range drains {
		l.requests((i+1)*people*8/10/drains, time.Minute)
		next := l.worker("drained", "")
		longest = max(longest, l.drain(worker))
		worker = next
	}
	sum := l.finished(run, time.Duration(people)*20*time.Millisecond+time.Minute)
	l.told()
	log := l.log()
	l.judge(log)
	l.settled(id, people, log)
	for how, n := range sum.UnknownResolved {
		if n > 0 {
			t.Errorf("%d outcomes were unknown (resolved by %s), want none", n, how)
		}
	}
	if sum.Counts["delivered"] != people {
		t.Errorf("%d of %d people were reached: %v", sum.Counts["delivered"], people, nonZero(sum))
	}
	l.proved("drain: %d people, SIGTERM at full speed %d times: exit 0 within %.2fs, lost 0, unknown 0, requests %d",
		people, drains, longest.Seconds(), len(log))
}

// drain stops a worker, and says how long that took.
func (l *lab) drain(worker *process) time.Duration {
	l.Helper()
	worker.mayEnd.Store(true)
	began := time.Now()
	worker.signal(syscall.SIGTERM)
	l.until("the worker to drain", drainTime, worker.hasEnded)
	if code := worker.exit(); code != 0 {
		l.Errorf("the worker exited with %d after SIGTERM, want 0", code)
	}
	return time.Since(began)
}
