//go:build proof && linux

package main

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/store/redistest"
)

// proveSentinel replaces the primary again and again while a campaign runs on it: by the
// sentinels' order, which lets the old one take commands for seconds more, and by
// kill -9. With ?replicas=1 nothing counts that the other server does not have, so
// nobody is lost and nobody gets it twice; while a primary is alone nothing is sent.
func proveSentinel(t *testing.T, binary string) {
	people, rounds := sized(15_000, 2_000), sized(3, 1)
	w := redistest.Sentinel(t, durable...)
	l := newLab(t, binary, setup{address: w.URL + "&replicas=1", account: "200/1s", scenario: lively()})
	c := l.exposed("sentinel", people)
	alone := time.Duration(0) // the longest that a primary had no replica
	for i := range rounds {
		at := people * 8 / 10 / (2 * rounds)
		l.requests((2*i+1)*at, 2*time.Minute)
		began := time.Now()
		w.Failover(t)
		w.Follows(t)
		alone = max(alone, time.Since(began))
		l.requests((2*i+2)*at, 2*time.Minute)
		began = time.Now()
		w.Primary.Kill()
		w.TakesOver(t)
		w.Replica.Restart(t)
		w.Follows(t)
		alone = max(alone, time.Since(began))
	}
	c.proved("replicas=1, failovers ordered %d times, primary killed %d times, until a replica followed again at most %.0fs", rounds, rounds, alone.Seconds())
}

// proveHandover orders failovers of a Redis that confirms nothing, each with its writes
// paused for as long as the sentinels take: a planned failover, done gently.
func proveHandover(t *testing.T, binary string) {
	people, rounds := sized(10_000, 2_000), sized(3, 1)
	w := redistest.Sentinel(t, durable...)
	l := newLab(t, binary, setup{address: w.URL, account: "200/1s", scenario: lively()})
	c := l.exposed("handover", people)
	const pause = 10 * time.Second
	for i := range rounds {
		l.requests((i+1)*people/2/rounds, 2*time.Minute)
		if err := w.Primary.Admin(t).Do(t.Context(), "client", "pause", pause.Milliseconds(), "write").Err(); err != nil {
			t.Fatal(err)
		}
		w.Failover(t)
		if i+1 < rounds {
			w.Follows(t)
		}
	}
	c.proved("nothing confirmed, failovers ordered %d times with writes paused", rounds)
}

// exposed is a campaign in flight, on processes of every role: two of the scheduler's
// and two of the worker's.
type exposed struct {
	*lab
	id     string
	people int
	began  time.Time
	watch  *watch
}

func (l *lab) exposed(id string, people int) *exposed {
	l.Helper()
	l.serve("api,scheduler")
	l.scheduler()
	l.worker("one", "")
	l.worker("two", "")
	c := &exposed{lab: l, id: id, people: people, began: time.Now(), watch: l.watch(id)}
	l.begin(id, sample(id, 8*time.Second, 6*time.Second, 6*time.Second), rows(people, nil))
	return c
}

// proved waits for the campaign's end, judges it, and tells what came of it.
func (c *exposed) proved(format string, figures ...any) {
	c.Helper()
	sum := c.closed(c.id, time.Duration(c.people)*20*time.Millisecond+3*time.Minute)
	took := time.Since(c.began)
	c.told()
	c.watch.end()
	log := c.log()
	j := c.judge(log)
	c.settled(c.id, c.people, log)
	figures = append([]any{c.id, c.people}, figures...)
	c.lab.proved("%s: %d people, "+format+": lost 0, requests %d, taken %d, escalated %d, unknown resolved %v, longest in sending %.1fs, queued %.1fs, all closed in %.0fs",
		append(figures, j.requests, j.taken, j.escalated, sum.UnknownResolved, c.watch.sending.Seconds(), c.watch.queued.Seconds(), took.Seconds())...)
}
