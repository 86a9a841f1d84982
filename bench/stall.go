package main

import "time"

// stall is a time for which the machine left a process waiting, in µs. What arrives
// meanwhile is logged at its end, all at once; so no window that such a time lies in
// can be judged by the log.
type stall struct{ From, To int64 }

type stalls []stall

// stillStand is how late a process may be woken without that being a stall. Limits
// leave more room than that for what is held up on its way.
const stillStand = 10 * time.Millisecond

// undisturbed is the most requests in any window of this length in which, and just
// before which, the machine did not stand still; and the share of requests that begin
// such a window.
func (j journal) undisturbed(window time.Duration, all stalls) (most int, share float64) {
	last, judged := 0, 0
	for i := range j {
		begin, end := j[i].at, j[i].at+window.Microseconds()
		for last < len(j) && j[last].at < end {
			last++
		}
		for len(all) > 0 && all[0].To+stillStand.Microseconds() < begin {
			all = all[1:]
		}
		if len(all) > 0 && all[0].From < end {
			continue
		}
		most = max(most, last-i)
		judged++
	}
	return most, float64(judged) / float64(max(len(j), 1))
}
