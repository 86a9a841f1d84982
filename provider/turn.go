package provider

import (
	"context"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// turn is one request's hold on its connection. It keeps the evidence of whether
// anything was written, and shuts the door behind a request that is given up: the
// transport writes in a goroutine of its own, which may not have begun when Post
// returns, and must not begin after.
type turn struct {
	gate   Gate
	ending atomic.Bool // the request is given up, perhaps while the gate takes its time

	mu      sync.Mutex
	begun   bool  // the gate said yes and a write was begun
	over    bool  // nothing may begin any more
	replay  bool  // it was begun, and the transport chose a connection again
	before  int64 // bytes on the wire when the request began
	refusal error // of the gate
}

// trace takes the connection for this turn as soon as the transport has chosen it.
func (t *turn) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		t.chosen(info.Conn.(*conn)) // the dialer makes no other kind
	}}
}

// chosen takes the connection for this turn. The transport chooses a second one when it
// would replay a request on its own, as it does with a GET; nothing of that is written.
func (t *turn) chosen(c *conn) {
	t.mu.Lock()
	t.replay = t.begun
	t.mu.Unlock()
	c.turn.Store(t)
}

// begin lets the request's writes pass, its first one only if the gate says yes.
// The lock is held meanwhile: who ends the turn learns what the gate said.
func (t *turn) begin(sent int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.begun && !t.replay {
		return nil
	}
	if t.over || t.replay {
		return errGivenUp
	}
	if t.refusal = t.gate(); t.refusal != nil {
		t.over = true
		return t.refusal
	}
	if t.ending.Load() {
		t.over = true
		return errGivenUp
	}
	t.begun, t.before = true, sent
	return nil
}

// broke notes a write that failed; if it was the first and none of it was taken, the
// request was not written after all.
func (t *turn) broke(sent int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if sent == t.before {
		t.begun, t.over = false, true
	}
}

// end shuts the door and says whether anything may have been written. It waits for a
// gate that is being asked; a write that is under way counts as written.
func (t *turn) end() (written bool, refusal error) {
	t.ending.Store(true)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
	return t.begun, t.refusal
}

// failed ends the turn of a request that got no answer.
func (t *turn) failed(ctx context.Context, err error) Exchange {
	written, refusal := t.end()
	if refusal != nil {
		return Exchange{Err: &wireError{word: Reason(refusal.Error()), cause: refusal}}
	}
	x := Exchange{Written: written}
	x.Err, x.Fault = fault(ctx, err)
	return x
}
