//go:build proof && linux

package main

import (
	"fmt"
	"testing"
	"time"
)

// proveKills kills workers and Redis at every kind of moment, again and again: nobody
// is lost, nobody gets it twice, and what a dead worker held moves on within 45 s.
func proveKills(t *testing.T, binary string) {
	people, workerKills, redisKills := sized(20_000, 3_000), sized(10, 3), sized(3, 1)
	l := newLab(t, binary, setup{account: sized("150/1s", "100/1s"), scenario: lively()})
	const id = "kills"
	began := time.Now()
	run := l.run(l.file("kills.yaml", sample(id, 8*time.Second, 6*time.Second, 6*time.Second)), l.file("people.csv", rows(people, nil)))
	watch := l.watch(id)
	l.worker("steady", "")
	fell := l.mow(people, workerKills, redisKills)
	l.finished(run, time.Duration(people)*20*time.Millisecond+3*time.Minute)
	took := time.Since(began)
	l.told()
	watch.end()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	const most = 45 * time.Second
	if watch.sending > most || watch.queued > most {
		t.Errorf("a message stood in sending for %s, one in queued for %s; want at most %s", watch.sending, watch.queued, most)
	}
	sum := l.ledgerSummary(id)
	l.proved("kills: %d people, workers killed %d (%v), redis killed %d: lost 0, requests %d, taken %d, escalated %d, unknown resolved %v, longest in sending %.1fs, queued %.1fs (%d looks), all closed in %.0fs",
		people, workerKills, fell, redisKills, j.requests, j.taken, j.escalated, sum.UnknownResolved,
		watch.sending.Seconds(), watch.queued.Seconds(), watch.looks, took.Seconds())
}

// mow kills a second worker and Redis, each time the provider has seen a further part
// of the requests, and starts them again. It tells how each worker died.
func (l *lab) mow(people, workerKills, redisKills int) (fell []string) {
	l.Helper()
	all := workerKills + redisKills
	redisLeft, deaths := redisKills, 0
	for i := range all {
		at := (i + 1) * people * 8 / 10 / all
		if redisLeft*all > redisKills*(all-i) || deaths == workerKills {
			l.requests(at, time.Duration(people)*20*time.Millisecond+time.Minute)
			l.redis.Kill()
			l.passes("redis to stay away", 1500*time.Millisecond)
			l.redis.Restart(l.T)
			redisLeft--
			continue
		}
		fell = append(fell, l.death(deaths, at, people))
		deaths++
	}
	l.worker("last", "")
	return fell
}

// death lets one more worker work until it is killed: from outside, or by its own
// hand right after a claim or an answer.
func (l *lab) death(n, at, people int) string {
	l.Helper()
	how := []string{"kill -9", fmt.Sprintf("kill@claimed:%d", 20+13*n), fmt.Sprintf("kill@answered:%d", 20+17*n)}[n%3]
	long := time.Duration(people)*20*time.Millisecond + time.Minute
	if n%3 == 0 {
		w := l.worker("mortal", "")
		l.requests(at, long)
		w.kill()
		return how
	}
	l.requests(at, long)
	w := l.worker("mortal", how)
	w.mayEnd.Store(true)
	l.until("a worker to die by "+how, time.Minute, w.hasEnded)
	return how
}
