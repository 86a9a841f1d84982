package ratelimit

import (
	"testing"
	"time"
)

func TestClockNarrowsItsBounds(t *testing.T) {
	t.Parallel()
	local := time.Now()
	redis := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	ms := func(f float64) time.Duration { return time.Duration(f * float64(time.Millisecond)) }
	type answer struct{ asked, told, heard float64 } // ms; told: by Redis' clock
	for _, c := range []struct {
		what          string
		answers       []answer
		low, high, at float64 // where Redis' time `at` lies on the local clock
	}{
		{"one answer", []answer{{0, 1, 3}}, 9, 12, 10},
		{"a quick one is better", []answer{{0, 1, 3}, {10, 11, 11.5}}, 99, 100.5, 100},
		{"a slow one spoils nothing", []answer{{0, 1, 1.5}, {10, 30, 40}}, 98.9923, 100.5077, 100},
		{"two that overlap", []answer{{0, 2, 3}, {3, 4, 7}}, 98.9992, 101, 100},
		{"Redis' clock was set", []answer{{0, 1, 2}, {10, 5011, 12}}, 98, 100, 5099},
	} {
		var k clock
		for _, a := range c.answers {
			k.observe(local.Add(ms(a.asked)), local.Add(ms(a.heard)), redis.Add(ms(a.told)))
		}
		at := redis.Add(ms(c.at))
		low, high := k.earliest(at).Sub(local), k.latest(at).Sub(local)
		if near := ms(0.001); (low-ms(c.low)).Abs() > near || (high-ms(c.high)).Abs() > near {
			t.Errorf("%s: between %v and %v, want %v and %v", c.what, low, high, ms(c.low), ms(c.high))
		}
	}
}

func TestSlotIsGivenUp(t *testing.T) {
	t.Parallel()
	p := new(Pacer)
	p.breaker = newBreaker(func() {})
	now := time.Now()
	s := p.pass(now)
	for _, c := range []struct {
		what string
		now  time.Time
		want error
	}{
		{"early", now.Add(-time.Second), nil},
		{"in time", now.Add(10 * time.Millisecond), nil},
		{"too late", now.Add(10*time.Millisecond + 1), ErrStale},
		{"too late by a clock that has wall time only", now.Round(0).Add(11 * time.Millisecond), ErrStale},
	} {
		if got := s.Check(c.now); got != c.want {
			t.Errorf("%s: Check said %v, want %v", c.what, got, c.want)
		}
	}
	slept := s
	slept.void = now.Round(0).Add(slack - time.Hour) // wall time went on while the monotonic clock stood still
	if got := slept.Check(now); got != ErrStale {
		t.Errorf("after a suspend: Check said %v, want %v", got, ErrStale)
	}
}
