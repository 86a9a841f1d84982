package simulator

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// window enforces one limit, and remembers how near to it, or how far above, the
// requests came. A limit of no requests is only watched.
type window struct {
	limit    campaign.Limit
	admitted times // the latest N, those that count against the limit
	seen     times // all within the window, whatever they were answered
	worst    int   // most requests seen in any one window
	over     int   // requests that were too many
}

// most is how many times a window remembers at least; beyond, worst means "at least".
const most = 1 << 16

func newWindow(l campaign.Limit) *window {
	return &window{limit: l, admitted: times{most: l.N}, seen: times{most: max(most, 4*l.N)}}
}

// see notes a request, taken or not.
func (w *window) see(now time.Time) {
	w.seen.dropUntil(now.Add(-w.limit.Window).UnixNano())
	w.seen.push(now.UnixNano())
	w.worst = max(w.worst, w.seen.n)
}

// wait is how long from now until one more request suits the limit; 0: it does now.
func (w *window) wait(now time.Time) time.Duration {
	if w.limit.N == 0 || w.admitted.n < w.limit.N {
		return 0
	}
	free := w.admitted.oldest() + int64(w.limit.Window)
	return max(0, time.Duration(free-now.UnixNano()))
}

// admit counts a request against the limit.
func (w *window) admit(now time.Time) {
	if w.limit.N > 0 {
		w.admitted.push(now.UnixNano())
	}
}

// times is a ring of the latest times, in nanoseconds, that grows up to most of them.
type times struct {
	at      []int64
	head, n int
	most    int
}

func (t *times) oldest() int64 { return t.at[t.head] }

func (t *times) push(at int64) {
	if t.n == t.most {
		t.drop()
	}
	if t.n == len(t.at) {
		t.grow()
	}
	t.at[(t.head+t.n)%len(t.at)] = at
	t.n++
}

func (t *times) dropUntil(at int64) {
	for t.n > 0 && t.oldest() <= at {
		t.drop()
	}
}

func (t *times) drop() {
	t.head = (t.head + 1) % len(t.at)
	t.n--
}

func (t *times) grow() {
	at := make([]int64, min(t.most, max(16, 2*len(t.at))))
	n := copy(at, t.at[t.head:])
	copy(at[n:], t.at[:t.head])
	t.at, t.head = at, 0
}
