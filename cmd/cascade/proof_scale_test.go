//go:build proof && linux

package main

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"
)

// proveScale spreads the roles over processes of their own: one for the API, schedulers
// of which one acts, two workers on one lane and then four. The scheduler that acts is
// killed or stopped again and again, and another takes over.
func proveScale(t *testing.T, binary string) {
	people, turns := sized(20_000, 3_000), sized(10, 2)
	l := newLab(t, binary, setup{whatsapp: "300/1s", scenario: lively()})
	const id = "scale"
	l.serve("api")
	s := &succession{lab: l, longest: map[syscall.Signal]time.Duration{}}
	s.all = append(s.all, l.scheduler(), l.scheduler())
	l.worker("one", "")
	l.worker("two", "")
	watch := l.watch(id)
	l.begin(id, sample(id, 8*time.Second, 6*time.Second, 6*time.Second), rows(people, nil))
	for i := range turns {
		l.requests((i+1)*people*8/10/turns, 2*time.Minute)
		s.end([]syscall.Signal{syscall.SIGKILL, syscall.SIGTERM}[i%2])
		if i == turns/2-1 {
			l.worker("three", "")
			l.worker("four", "")
		}
	}
	l.closed(id, time.Duration(people)*20*time.Millisecond+2*time.Minute)
	l.told()
	watch.end()
	log := l.log()
	j := l.judge(log)
	l.settled(id, people, log)
	killed, stopped := s.longest[syscall.SIGKILL], s.longest[syscall.SIGTERM]
	if killed > 5*time.Second || stopped > 2*time.Second {
		t.Errorf("another scheduler took over %s after a kill and %s after a stop; want at most 5s and 2s", killed, stopped)
	}
	l.proved("scale: %d people, 2 workers and then 4 on one lane, the acting scheduler ended %d times: another took over within %.1fs of kill -9 and %.1fs of SIGTERM, lost 0, requests %d, taken %d, escalated %d, queued at most %.1fs",
		people, turns, killed.Seconds(), stopped.Seconds(), j.requests, j.taken, j.escalated, watch.queued.Seconds())
}

// succession is the schedulers, one after the other.
type succession struct {
	*lab
	all     []*process
	longest map[syscall.Signal]time.Duration // until another acted
}

// end ends the scheduler that acts, starts one more, and waits until another acts.
func (s *succession) end(signal syscall.Signal) {
	s.Helper()
	acting := s.acting()
	for _, p := range s.all {
		if !strings.Contains(acting, fmt.Sprintf("-%d-", p.cmd.Process.Pid)) {
			continue
		}
		p.mayEnd.Store(true)
		p.signal(signal)
		s.until("the scheduler to end", drainTime, p.hasEnded)
		ended := time.Now()
		s.until("another scheduler to act", time.Minute, func() bool {
			now, err := s.clients.Client.Get(s.Context(), leaseKey).Result()
			return err == nil && now != acting
		})
		s.longest[signal] = max(s.longest[signal], time.Since(ended))
		s.all = append(s.all, s.scheduler())
		return
	}
	s.Fatalf("%q is none of the schedulers", acting)
}

// acting names the scheduler that has the lease.
func (s *succession) acting() (name string) {
	s.Helper()
	s.until("a scheduler to act", time.Minute, func() (acts bool) {
		var err error
		name, err = s.clients.Client.Get(s.Context(), leaseKey).Result()
		return err == nil
	})
	return name
}
