package worker_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// wire sends over real connections to a server that takes everything.
type wire struct {
	client *provider.Client
	url    string

	mu       sync.Mutex
	made     int            // connections
	requests map[string]int // by attempt
}

// newWire starts the server. Each TLS handshake with it takes this much longer.
func newWire(t *testing.T, handshake time.Duration) *wire {
	t.Helper()
	w := &wire{requests: map[string]int{}}
	server := httptest.NewUnstartedServer(w)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.made++
		}
	}
	server.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		time.Sleep(handshake)
		return nil, nil
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	w.client, w.url = provider.NewClient(provider.ClientOptions{RootCAs: trusted}), server.URL
	t.Cleanup(w.client.CloseIdle)
	return w
}

func (w *wire) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	attempt, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests[string(attempt)]++
	answer.WriteHeader(http.StatusOK)
}

func (w *wire) Send(ctx context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	x := w.client.Post(ctx, provider.Request{URL: w.url, Body: []byte(a.ID.String())}, gate)
	return provider.Answers{http.StatusOK: {Outcome: provider.Outcome{Kind: provider.Accepted}}}.Outcome(x, "")
}

// seen is how many connections were made, how many attempts came, and how often at most.
func (w *wire) seen() (connections, attempts, most int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, n := range w.requests {
		most = max(most, n)
	}
	return w.made, len(w.requests), most
}

// serve feeds the lane as a scheduler does, until the test ends.
func (s *shop) serve(client redis.UniversalClient) {
	s.t.Helper()
	ledger, err := store.New(s.t.Context(), store.Options{Client: client})
	must(s.t, err)
	feeder := scheduler.New(scheduler.Options{
		Name: "test", Ledger: ledger, Door: &fallback.Door{Ledger: ledger, Book: ledger, Queue: s.queue},
		Lanes: []scheduler.Lane{{Lane: lane, Ahead: 100}},
		Depths: func(ctx context.Context, _ []campaign.Lane) ([]int, error) {
			depths, err := store.Depths(ctx, client, []string{lane.String()})
			return []int{depths[lane.String()].Pending}, err
		},
		Wait: func(_ context.Context, turns []scheduler.Turn) ([]time.Duration, error) {
			return make([]time.Duration, len(turns)), nil
		},
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- feeder.Run(ctx) }()
	s.t.Cleanup(func() {
		stop()
		must(s.t, <-ended)
	})
}

// untilAll waits until every message is in this phase.
func (s *shop) untilAll(ids []campaign.MessageID, p fallback.Phase) {
	s.t.Helper()
	for _, id := range ids {
		s.until(id, in(p, 0))
	}
}

// A handshake lasts longer than a slot. It is made before there is one, and once.
func TestASlowHandshakeNeedsNoSecondConnection(t *testing.T) {
	for _, handshake := range []time.Duration{15 * time.Millisecond, 30 * time.Millisecond} {
		t.Run(handshake.String(), func(t *testing.T) {
			t.Parallel()
			_, client := redistest.Mini(t)
			w := newWire(t, handshake)
			s := fitted(t, client, fittings{sender: w})
			ids := s.people(60)
			s.serve(client) // on a loaded machine a slot may be missed for other reasons
			s.untilAll(ids, fallback.Waiting)
			connections, attempts, most := w.seen()
			if attempts != len(ids) || most != 1 {
				t.Errorf("%d attempts came, one of them %d times; want %d, once", attempts, most, len(ids))
			}
			if connections > 2*concurrency {
				t.Errorf("%d requests at a time made %d connections for %d messages", concurrency, connections, len(ids))
			}
		})
	}
}

// Once somebody was told that the next slot is far away, nobody dials to hear it again.
func TestALaneAtItsLimitDoesNotDial(t *testing.T) {
	_, client := redistest.Mini(t)
	w := newWire(t, 0)
	var clock watch
	var asked counter
	s := fitted(t, client, fittings{sender: gated{w, func() {
		asked.add()
		clock.stop() // what was said a moment ago stays so
	}}, now: clock.now, limits: []campaign.Limit{{N: 1, Window: time.Hour}}})
	ids := s.people(30)
	s.turn(ids[0])
	s.untilAll(ids[:1], fallback.Waiting)
	s.turn(ids[1:]...)
	for _, id := range ids[1:] {
		r := s.until(id, in(fallback.Scheduled, 0))
		if wait := time.Until(r.Due); wait < 30*time.Minute || len(r.History) != 0 {
			t.Errorf("a message of a lane at its limit may go in %v, history %+v; want in an hour, and none", wait, r.History)
		}
	}
	if connections, attempts, _ := w.seen(); connections != 1 || attempts != 1 || asked.count() != 1 {
		t.Errorf("%d connections, %d requests, %d gates for a limit of 1; want 1 of each", connections, attempts, asked.count())
	}
}

// gated tells when a gate has answered.
type gated struct {
	provider.Sender
	told func()
}

func (g gated) Send(ctx context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	return g.Sender.Send(ctx, a, func() error {
		defer g.told()
		return gate()
	})
}

// watch is a clock that can be stopped.
type watch struct {
	mu      sync.Mutex
	stopped time.Time
}

func (w *watch) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped.IsZero() {
		return time.Now()
	}
	return w.stopped
}

func (w *watch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = time.Now()
}

// counter counts.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// at counts how often a worker comes to a point of a send.
func (c *counter) at(points ...string) func(string) {
	return func(point string) {
		if slices.Contains(points, point) {
			c.add()
		}
	}
}

// commands is a hook that counts how often a client sends a command.
type commands struct {
	name string
	sent *counter
}

func (c commands) DialHook(next redis.DialHook) redis.DialHook { return next }

func (c commands) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (c commands) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == c.name {
			c.sent.add()
		}
		return next(ctx, cmd)
	}
}

// Claim and slot are had one after the other, and the slot must be young when the claim
// is there. A Redis whose answers take 6 ms is near enough for that, and a worker does
// not try and try.
func TestAFarRedisIsEnough(t *testing.T) {
	server := redistest.Real(t)
	for name, limits := range map[string][]campaign.Limit{"no limit": nil, "80 in 1s": {{N: 80, Window: time.Second}}} {
		for _, trip := range []time.Duration{3 * time.Millisecond, 6 * time.Millisecond} {
			t.Run(name+", "+trip.String(), func(t *testing.T) {
				must(t, server.Admin(t).FlushAll(t.Context()).Err())
				addr := redistest.Slow(t, server.Addr, trip/2)
				own, other := redistest.Client(t, addr), redistest.Client(t, addr)
				var calls counter
				own.AddHook(commands{"evalsha", &calls})
				s := fitted(t, own, fittings{queues: other, limits: limits})
				s.answer = always(provider.Outcome{Kind: provider.Accepted})
				ids := s.people(20)
				before := calls.count()
				s.serve(other)
				s.untilAll(ids, fallback.Waiting)
				if s.requests() != len(ids) {
					t.Errorf("%d requests for %d messages", s.requests(), len(ids))
				}
				if n := calls.count() - before; n > 10*len(ids) { // claim, outcome, and some slots
					t.Errorf("%d messages took %d scripts", len(ids), n)
				}
			})
		}
	}
}
