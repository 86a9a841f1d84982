package ratelimit

import (
	"math"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

const (
	// slack is how late a request may start after its slot began.
	slack = 10 * time.Millisecond
	// margin is by how much windows are taken for longer than they are. A request may
	// start late by the slack, and what is on its way to the provider may be delayed by
	// a little more: two requests that are a window apart here must be so there.
	margin = slack + 10*time.Millisecond
	// horizon is how far ahead of its beginning a slot is granted.
	horizon = 41 * time.Millisecond
	// lease is how long a grant can lead to a request. The last slots before the horizon
	// are given up with it, a little sooner than others: a longer lease costs fewer calls.
	lease = 45 * time.Millisecond
	// toClaim is how much of a slot must be left for a claim to be made.
	toClaim = slack / 2
	// ahead is how long before the next slot the next lease is asked for.
	ahead = 5 * time.Millisecond
	// lot is how many slots one lease holds when many callers wait: what fits between
	// asking ahead and the horizon, but for a little air.
	lot = horizon - ahead - time.Millisecond
	// blockSpan is how much time the slots of a gentle start's last block may fill.
	blockSpan = 50 * time.Millisecond
	// blockUnlimited is the size of that block where there is no limit.
	blockUnlimited = 64
	// most is how many slots are booked in one call.
	most = 500
)

// Limits hold together: a request starts only when all of them allow it. The zero
// value allows everything.
type Limits []campaign.Limit

// Next is the first time, not before now, at which one more request may start. It is
// told the times booked so far, the oldest first; the last N are enough, where N is
// the largest of the limits. Windows are taken for 20 ms longer than they are, and
// slots are spaced evenly over the shortest one.
func (ls Limits) Next(booked []time.Time, now time.Time) time.Time {
	return ls.next(booked, now, 1)
}

func (ls Limits) next(booked []time.Time, now time.Time, bunch int) time.Time {
	at := now
	for _, w := range ls.windows(bunch) {
		if n := len(booked); n >= w.n {
			at = later(at, booked[n-w.n].Add(w.length))
		}
	}
	return at
}

// window says that n slots may lie within less than this length, and no more.
type window struct {
	n      int
	length time.Duration
}

// windows are the limits, padded, and the even spacing, which is a window too: of one
// slot, or of a few where slots come in bunches.
func (ls Limits) windows(bunch int) []window {
	if len(ls) == 0 {
		return nil
	}
	ws := []window{{bunch, time.Duration(bunch) * ls.spacing()}}
	for _, l := range ls {
		ws = append(ws, window{l.N, l.Window + margin})
	}
	return ws
}

// lot is how many slots, spaced evenly, one lease holds at most.
func (ls Limits) lot() int {
	spacing := ls.spacing()
	if spacing == 0 {
		return most
	}
	return min(int((lot+spacing-1)/spacing), most)
}

// PerSecond is the pace at which slots follow one another until a longer window is
// full: the rate of the shortest window. Without limits it is +Inf.
func (ls Limits) PerSecond() float64 {
	if len(ls) == 0 {
		return math.Inf(1)
	}
	return ls.shortest().PerSecond()
}

// spacing is the time between two slots: the shortest window, padded, divided evenly,
// in whole microseconds. It is 0 without limits.
func (ls Limits) spacing() time.Duration {
	if len(ls) == 0 {
		return 0
	}
	l := ls.shortest()
	n := time.Duration(l.N) * time.Microsecond
	return (l.Window + margin + n - 1) / n * time.Microsecond
}

// shortest is the limit with the shortest window; of two, the stricter one.
func (ls Limits) shortest() campaign.Limit {
	s := ls[0]
	for _, l := range ls[1:] {
		if l.Window < s.Window || l.Window == s.Window && l.N < s.N {
			s = l
		}
	}
	return s
}

// largestBlock is the size at which a gentle start has reached the full pace.
func (ls Limits) largestBlock() int {
	if len(ls) == 0 {
		return blockUnlimited
	}
	return int(blockSpan / ls.spacing())
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
