package webhook

import "time"

// Lasts is for how long a letter is tried.
const Lasts = 24 * time.Hour

// How long a letter waits between two tries, and a receiver that takes nothing until the
// next.
const (
	firstWait   = 5 * time.Second
	longestWait = time.Hour
	longestHold = 5 * time.Minute
)

// again is when a letter is tried next: after as long as it has been tried, so that each
// wait is twice the one before, or when the receiver asked for it; at its end, to be given
// up, if that is sooner. spread, from 0 to 1, keeps letters apart that failed together.
func again(written, now time.Time, asked time.Duration, spread float64) time.Time {
	next := now.Add(max(spreadOut(grown(now.Sub(written), longestWait), spread), asked))
	if end := written.Add(Lasts); next.After(end) {
		next = end
	}
	return next
}

// hold is for how long a receiver that has been failing for so long is left alone.
func hold(failing time.Duration, spread float64) time.Duration {
	return spreadOut(grown(failing, longestHold), spread)
}

func grown(since, most time.Duration) time.Duration { return min(max(since, firstWait), most) }

// spreadOut gives a time between four and six fifths of d.
func spreadOut(d time.Duration, spread float64) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*spread))
}
