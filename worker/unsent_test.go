package worker_test

import (
	"net"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store/redistest"
	"github.com/seed-438792ba/cascade/worker"
)

// single is a limit that lets one request start, and no other while the test runs.
var single = []campaign.Limit{{N: 1, Window: time.Hour}}

// sendable fails the test unless this message, of a lane with a single slot, is sent:
// nobody before it has taken the slot.
func (s *shop) sendable(id campaign.MessageID) {
	s.t.Helper()
	s.turn(id)
	if r := s.until(id, func(r fallback.Record) bool {
		return r.State.Phase != fallback.Queued && r.State.Phase != fallback.Sending
	}); r.State.Phase != fallback.Waiting {
		s.t.Errorf("the one slot is taken: the next message is %s, due in %v", r.State, time.Until(r.Due))
	}
}

func TestASuppressedPersonTakesNoClaimAndNoSlot(t *testing.T) {
	_, client := redistest.Mini(t)
	var claims counter
	s := fitted(t, client, fittings{limits: single, at: claims.at(worker.Claimed)})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(21)
	for i := range ids[:20] {
		must(t, s.store.Suppress(t.Context(), number(i+1)))
	}
	s.turn(ids[:20]...)
	for _, id := range ids[:20] {
		if r := s.until(id, in(fallback.Suppressed, 0)); len(r.History) != 0 {
			t.Errorf("a suppressed person has a history: %+v", r.History)
		}
	}
	s.sendable(ids[20])
	if n := claims.count(); n != 1 || s.requests() != 1 {
		t.Errorf("%d claims and %d requests for one person who may be sent to", n, s.requests())
	}
}

// Who opted out says nothing about the provider: a gentle start does not go on for it.
func TestASuppressedPersonEndsNoGentleStart(t *testing.T) {
	_, client := redistest.Mini(t)
	s := open(t, client, nil)
	ids := s.people(20)
	for i := range ids {
		must(t, s.store.Suppress(t.Context(), number(i+1)))
	}
	must(t, s.limiter.Pause(t.Context(), ratelimit.Lane(lane), "mend it", "test"))
	must(t, s.limiter.Release(t.Context(), ratelimit.Lane(lane)))
	s.turn(ids...)
	s.untilAll(ids, fallback.Suppressed)
	must(t, s.Lanes[0].Pacer.Flush(t.Context()))
	if got := s.lane().Gentle; got != 1 {
		t.Errorf("after twenty people who opted out the gentle start is at a block of %d, want 1", got)
	}
}

// lane is how things stand there.
func (s *shop) lane() ratelimit.Status {
	s.t.Helper()
	status, err := s.limiter.Status(s.t.Context(), []ratelimit.Query{{Lane: s.Lanes[0].Scope, Account: s.Lanes[0].Account}})
	must(s.t, err)
	return status[0]
}

func TestAnOldJobTakesNoSlot(t *testing.T) {
	_, client := redistest.Mini(t)
	s := fitted(t, client, fittings{limits: single})
	s.answer = always(provider.Outcome{Kind: provider.Accepted})
	ids := s.people(2)
	var old []fallback.Job
	for ticket := range fallback.Stamp(20) {
		old = append(old, fallback.Job{Attempt: ids[0].Attempt(0, 0), Lane: lane, Ticket: 1 + ticket})
	}
	must(t, s.queue.Enqueue(t.Context(), old))
	s.untilIdle()
	s.sendable(ids[1])
	if s.connects() != 1 {
		t.Errorf("a connection was wanted %d times for one message that may go", s.connects())
	}
}

// A connection that is refused costs nothing that is scarce, and is told to the breaker.
func TestARefusedConnectionTakesNoClaimAndNoSlot(t *testing.T) {
	_, client := redistest.Mini(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, l.Close()) // nobody listens there now
	w := &wire{client: provider.NewClient(provider.ClientOptions{}), url: "http://" + l.Addr().String()}
	var claims counter
	s := fitted(t, client, fittings{sender: w, limits: single, at: claims.at(worker.Claimed)})
	ids := s.people(5)
	for _, id := range ids[:4] {
		s.refusedOnce(id)
	}
	if st := s.lane(); st.Cause != ratelimit.None {
		t.Errorf("after four refused connections the lane's slot waits for %v, want that it is free", st.Obstacle)
	}
	s.refusedOnce(ids[4])
	must(t, s.Lanes[0].Pacer.Flush(t.Context()))
	if st := s.lane(); st.Cause != ratelimit.Held || st.Reason != ratelimit.ReasonSick {
		t.Errorf("after the fifth it is %v, want held by the breaker", st.Obstacle)
	}
	if n := claims.count(); n != 0 {
		t.Errorf("%d claims without a connection", n)
	}
}

// refusedOnce queues a message whose connection is refused, and checks that it waits a
// second for the next try and has used nothing up.
func (s *shop) refusedOnce(id campaign.MessageID) {
	s.t.Helper()
	earliest := time.Now().Add(time.Second).Truncate(time.Millisecond)
	s.turn(id)
	r := s.until(id, in(fallback.Scheduled, 0))
	if r.Due.Before(earliest) || r.Due.After(time.Now().Add(time.Second)) {
		s.t.Errorf("it may go again in %v, want in a second", time.Until(r.Due))
	}
	if len(r.History) != 0 || r.State.Fails != 0 {
		s.t.Errorf("it has used something up: %s, history %+v", r.State, r.History)
	}
}

// asynq gives up on its handlers after a while. What a provider has answered is still
// recorded before a drain ends, however long Redis is away.
func TestADrainWaitsForAnOutcome(t *testing.T) {
	mini, client := redistest.Mini(t)
	givenUp := make(chan struct{})
	s := fitted(t, client, fittings{shutdown: time.Millisecond, says: func(text string) {
		if text == "All workers have finished" {
			close(givenUp)
		}
	}})
	answered := make(chan struct{})
	s.answer = func(campaign.Attempt, provider.Gate) provider.Outcome {
		mini.SetError("LOADING Redis is away")
		close(answered)
		return provider.Outcome{Kind: provider.Accepted}
	}
	id := s.people(1)[0]
	s.turn(id)
	<-answered
	drained := make(chan struct{})
	go func() {
		s.Drain()
		close(drained)
	}()
	<-givenUp
	for range 3 {
		select {
		case <-s.tries:
		case <-drained:
			t.Fatal("the drain ended while the outcome was not recorded")
		}
	}
	mini.SetError("")
	<-drained
	if r := s.until(id, in(fallback.Waiting, 0)); s.requests() != 1 {
		t.Errorf("%s after %d requests", r.State, s.requests())
	}
}
