//go:build proof && linux

package main

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// outsider is a receiver outside that fails now and then, and remembers what it took.
type outsider struct {
	*httptest.Server
	mu     sync.Mutex
	taken  map[string]client.Event // by id
	again  int                     // of what it had taken before
	failed int
}

func listen(t *testing.T) *outsider {
	t.Helper()
	v, err := client.NewVerifier(outsideSecret)
	if err != nil {
		t.Fatal(err)
	}
	l := &outsider{taken: map[string]client.Event{}}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := v.Read(r)
		if err != nil {
			return // who was killed while it spoke
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		const failing = 0.05
		if rand.Float64() < failing {
			l.failed++
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if _, before := l.taken[e.ID]; before {
			l.again++
		}
		l.taken[e.ID] = e
	}))
	t.Cleanup(l.Close)
	return l
}

// proveWebhooks kills a run that does everything in one process, and Redis, while it tells
// a receiver that fails now and then: of every close and every escalation in the ledger the
// receiver has been told, as it stands there.
func proveWebhooks(t *testing.T, binary string) {
	people, kills := sized(10_000, 1_500), sized(8, 3)
	outside := listen(t)
	l := newLab(t, binary, setup{account: "150/1s", scenario: lively(), webhook: outside.URL})
	const id = "webhooks"
	file, csv := l.file("webhooks.yaml", sample(id, 3*time.Second, 3*time.Second, 3*time.Second)), l.file("people.csv", rows(people, nil))
	for i := range kills {
		run := l.alone(file, csv)
		l.requests((i+1)*people*8/10/kills, time.Duration(people)*20*time.Millisecond+time.Minute)
		if i == kills/2 {
			l.redis.Kill()
			l.passes("redis to stay away", 1500*time.Millisecond)
			l.redis.Restart(l.T)
		}
		run.kill()
	}
	l.finished(l.alone(file, csv), time.Duration(people)*20*time.Millisecond+2*time.Minute)
	l.serve("api,scheduler,worker") // it tells what the killed had in hand
	c, err := l.ledger.Find(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var counts store.NewsCounts
	l.until("everything to be told", 3*time.Minute, func() bool {
		counts, err = l.ledger.ToldOf(t.Context(), c.Number)
		return err == nil && counts.Waiting == 0
	})
	closed, escalated := l.compare(c, outside)
	if counts.GivenUp+counts.Dropped > 0 || counts.Delivered < closed+escalated {
		t.Errorf("counted %+v, want at least %d delivered and nothing else", counts, closed+escalated)
	}
	l.proved("webhooks: %d people, the process killed %d times and redis once, a receiver that failed %d times: %d closes and %d escalations told, lost 0, told twice under the same id %d",
		people, kills, outside.failed, closed, escalated, outside.again)
}

// compare looks for each close and escalation of the ledger among what the receiver took.
func (l *lab) compare(c *store.Campaign, outside *outsider) (closed, escalated int) {
	l.Helper()
	outside.mu.Lock()
	defer outside.mu.Unlock()
	escalations := map[string]bool{} // without when they happened
	for id := range outside.taken {
		if kind, rest, _ := strings.Cut(id, "_"); kind == fallback.NewsEscalated.String() {
			attempt, _, _ := strings.Cut(rest, "_")
			escalations[attempt] = true
		}
	}
	err := l.ledger.Each(l.Context(), c.Number, func(r *fallback.Record) error {
		s := r.State
		e, told := outside.taken[fallback.News{Message: r.ID, Kind: fallback.NewsClosed, Leg: s.Leg, Try: s.Try, At: r.Closed}.ID()]
		m, err := e.Message()
		if closed++; !told || err != nil || m.Phase != s.Phase.String() || m.Message != r.ID {
			l.Errorf("message %s is %s, the receiver was told %v, of %s (%v)", r.ID, s, told, m.Phase, err)
		}
		for leg := range int(s.Leg) {
			if escalated++; !escalations[r.ID.Attempt(leg, 0).String()] {
				l.Errorf("message %s went on from leg %d, and the receiver was not told", r.ID, leg+1)
			}
		}
		return nil
	})
	if err != nil {
		l.Fatal(err)
	}
	return closed, escalated
}
