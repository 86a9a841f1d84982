package webhook

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// lastMoment is how long an end waits for answers.
const lastMoment = 2 * time.Second

// run is one batch on its way to a receiver.
type run struct {
	*courier
	end   time.Time // no letter is begun later
	probe bool      // the receiver was left alone: it is tried with a single letter

	mu     sync.Mutex
	begun  int
	took   int
	row    int           // failures in a row, and none taken
	said   *answer       // the last failure
	gone   bool          // it answered 410
	wait   time.Duration // the longest Retry-After
	ending bool          // nothing more is begun
}

// bring tries each letter once, some at a time, and says what became of each. Letters that
// were not begun are kept as they were.
func (r *run) bring(ctx context.Context, letters []Letter) []Outcome {
	wire, cutOff := context.WithCancel(context.WithoutCancel(ctx))
	defer cutOff()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(lastMoment, cutOff) })
	defer stop()
	outcomes := make([]Outcome, len(letters))
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(r.receiver.concurrency(), len(letters)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(letters); i = int(next.Add(1)) - 1 {
				outcomes[i] = r.try(ctx, wire, letters[i])
			}
		})
	}
	all.Wait()
	return outcomes
}

// try brings one letter. ctx says whether to begin, wire for how long to wait.
func (r *run) try(ctx, wire context.Context, l Letter) Outcome {
	now := r.now()
	o := Outcome{Key: l.Key, Fate: fateOf(l, now), Again: now}
	if o.Fate != Kept || ctx.Err() != nil || !r.begin(now) {
		return o
	}
	a := r.receiver.post(wire, r.client, l, now)
	r.note(a)
	switch now = r.now(); {
	case a.verdict == taken:
		o.Fate = Delivered
	case a.verdict == cut:
	default:
		o.Again = again(l.Written, now, a.wait, spread())
	}
	return o
}

// begin says whether one more letter may be tried.
func (r *run) begin(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ending || now.After(r.end) || r.probe && r.begun > 0 {
		return false
	}
	r.begun++
	return true
}

// note remembers an answer for what it says of the receiver.
func (r *run) note(a answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch a.verdict {
	case cut:
		return
	case taken:
		r.took, r.row = r.took+1, 0
	default:
		r.row++
		r.said = &a
		r.gone = r.gone || a.verdict == gone
	}
	r.wait = max(r.wait, a.wait)
	r.ending = r.ending || r.gone || r.wait > 0 || r.took == 0 && r.row >= failures
}

// state is how the receiver stands after the batch. One that took a letter is well, whatever
// became of others. One that took none is failing, and is left alone for a while unless it
// only refused a few, which may be the letters' fault.
func (r *run) state(before State) State {
	now := r.now()
	after := before
	switch {
	case r.gone:
		return State{Gone: now, Error: r.said.why}
	case r.took > 0:
		after = State{}
	case r.said != nil:
		if after.Error = r.said.why; after.Failing.IsZero() {
			after.Failing = now
		}
		if r.probe || r.said.verdict == unwell || r.row >= failures {
			after.Held = now.Add(hold(now.Sub(after.Failing), spread()))
		}
	}
	if asked := now.Add(r.wait); r.wait > 0 && after.Held.Before(asked) {
		after.Held = asked
	}
	return after
}
