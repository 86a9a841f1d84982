//go:build proof && linux

package main

import (
	"strings"
	"testing"
	"time"
)

// proveFull lets Redis be full in the middle of a campaign: it refuses every write, so
// nothing is claimed and nothing is sent, and what the provider reports is answered 503.
// When there is room again everything goes on by itself.
func proveFull(t *testing.T, binary string) {
	people, full := sized(8_000, 2_000), sized(20*time.Second, 5*time.Second)
	l := newLab(t, binary, setup{account: "200/1s", scenario: lively()})
	const id = "full"
	l.serve("api")
	l.scheduler()
	l.worker("one", "")
	l.worker("two", "")
	l.begin(id, sample(id, 8*time.Second, 6*time.Second, 6*time.Second), rows(people, nil))
	l.requests(people*4/10, 2*time.Minute)
	admin := l.redis.Admin(t)
	set := func(limit string) {
		if err := admin.ConfigSet(t.Context(), "maxmemory", limit).Err(); err != nil {
			t.Fatal(err)
		}
	}
	set("1")
	l.until("Redis to refuse writes", 20*time.Second, func() bool {
		stats, err := admin.Info(t.Context(), "errorstats").Result()
		return err == nil && strings.Contains(stats, "errorstat_OOM")
	})
	l.passes("what was claimed to be requested", time.Second)
	before := l.stats().Requests
	l.passes("the time that Redis is full", full)
	if after := l.stats().Requests; after != before {
		t.Errorf("while Redis was full %d requests began", after-before)
	}
	set("0")
	sum := l.closed(id, time.Duration(people)*20*time.Millisecond+3*time.Minute)
	l.told()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	l.proved("full: %d people, Redis full for %s in the middle: nothing sent meanwhile, lost 0, twice 0, requests %d, taken %d, escalated %d, unknown resolved %v",
		people, full, j.requests, j.taken, j.escalated, sum.UnknownResolved)
}
