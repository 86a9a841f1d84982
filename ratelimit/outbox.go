package ratelimit

import "math/rand/v2"

// outbox holds what results oblige a pacer to write before it books again. So a hold
// outlives a Redis that is away.
type outbox struct {
	holds   []hold
	reports []report
}

// report is what became of slots of a gentle start's block. It gets its mark when it
// is first sent, and is complete from then on.
type report struct {
	block  block
	ok     int
	unused int
	mark   uint64
}

func (o *outbox) empty() bool { return len(o.holds) == 0 && len(o.reports) == 0 }

// hold adds an order. Of several for one scope the longest is enough; one that names a
// time says more than one that leaves it to the backoff.
func (o *outbox) hold(h hold) {
	for i, other := range o.holds {
		if other.scope.is(h.scope) {
			if h.span > other.span {
				o.holds[i] = h
			}
			return
		}
	}
	o.holds = append(o.holds, h)
}

// count adds one slot to the report on its block.
func (o *outbox) count(b block, ok bool) {
	r := o.open(b)
	if ok {
		r.ok++
	} else {
		r.unused++
	}
}

// open is the report on a block that is not yet on its way.
func (o *outbox) open(b block) *report {
	for i := range o.reports {
		r := &o.reports[i]
		if r.mark == 0 && r.block.id == b.id && r.block.scope.is(b.scope) {
			return r
		}
	}
	o.reports = append(o.reports, report{block: b})
	return &o.reports[len(o.reports)-1]
}

// takeHold takes the first hold out; holds go before reports, so that a fault is never
// overtaken by the good news of its block.
func (o *outbox) takeHold() (hold, bool) {
	if len(o.holds) == 0 {
		return hold{}, false
	}
	h := o.holds[0]
	o.holds = o.holds[1:]
	return h, true
}

// takeReport takes the first report out, with its mark.
func (o *outbox) takeReport() (report, bool) {
	if len(o.reports) == 0 {
		return report{}, false
	}
	r := o.reports[0]
	o.reports = o.reports[1:]
	for r.mark == 0 {
		r.mark = rand.Uint64()
	}
	return r, true
}
