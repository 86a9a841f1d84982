package simulator

import (
	"sync"
)

// ledger remembers of every message what the provider would know: whether it was
// taken, and what became of it.
type ledger struct {
	most int // messages remembered; later ones are new each time

	mu        sync.Mutex
	entries   map[fingerprint]entry
	forgotten int // times a message could not be remembered
}

// entry is four bytes, for there may be a million.
type entry struct {
	requests uint8 // that got as far as being decided, up to 255
	taken    bool
	state    state
	left     uint8 // parts of an SMS not yet delivered, up to 255
}

// state is how a message that was taken stands.
type state uint8

const (
	notTaken state = iota
	inTransit
	reached
	notReached
	hidden // nobody is told
)

func newLedger(most int) *ledger {
	return &ledger{most: most, entries: map[fingerprint]entry{}}
}

// request counts a request for the message, and says how many there were before.
func (l *ledger) request(key fingerprint) (before int) {
	l.change(key, func(e *entry) {
		before = int(e.requests)
		e.requests = uint8(min(before+1, 255))
	})
	return before
}

// take says whether the message is taken for the first time.
func (l *ledger) take(key fingerprint, parts int) (first bool) {
	l.change(key, func(e *entry) {
		first = !e.taken
		if first {
			*e = entry{requests: e.requests, taken: true, state: inTransit, left: uint8(min(max(parts, 1), 255))}
		}
	})
	return first
}

// hide has nobody told any more how the message stands.
func (l *ledger) hide(key fingerprint) { l.change(key, func(e *entry) { e.state = hidden }) }

// happened brings the message's state up to date. It never falls.
func (l *ledger) happened(key fingerprint, k kind) {
	l.change(key, func(e *entry) {
		switch {
		case e.state != inTransit:
		case k == isUndeliverable:
			e.state = notReached
		case k == isDelivered:
			if e.left--; e.left == 0 {
				e.state = reached
			}
		}
	})
}

func (l *ledger) state(key fingerprint) state {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[key].state
}

func (l *ledger) change(key fingerprint, f func(*entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, known := l.entries[key]
	f(&e)
	if !known && len(l.entries) >= l.most {
		l.forgotten++
		return
	}
	l.entries[key] = e
}
