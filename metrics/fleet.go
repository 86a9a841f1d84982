package metrics

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Fleet is how the whole fleet stands, as Redis tells it: the same, whoever asks.
type Fleet struct {
	Lanes         []Lane
	Queues        []Queue
	AlarmsPending int
	AlarmLag      time.Duration
	Campaigns     map[string]int // by state
	Messages      map[string]int // by phase
	Imbalance     int            // of the books, in messages
	MemoryUsed    int64          // of Redis, in bytes; 0: it does not say
	MemoryMax     int64          // 0: it has no limit
	Webhooks      []Webhook      // who is told outside
}

// Lane is how one lane stands.
type Lane struct {
	Name            string
	State           State
	Breaker         Breaker
	PerSecond       float64 // 0: no limit
	Due             int
	Oldest          time.Duration
	Workers         int
	Watched         bool // receipts are expected
	ReceiptsStopped bool
}

// Webhook is how a receiver outside stands.
type Webhook struct {
	Name    string
	Waiting int
	Failing time.Duration // for how long it has taken none, or wanted none; 0: it takes them
}

// State is what the next request on a lane waits for.
type State string

// The states of a lane.
const (
	Free          State = "free"
	AtLimit       State = "limit"
	Gentle        State = "gentle"
	Held          State = "held"    // a 429
	Sick          State = "breaker" // the provider's faults
	Paused        State = "paused"
	Misconfigured State = "misconfigured"
)

var states = []State{Free, AtLimit, Gentle, Held, Sick, Paused, Misconfigured}

// Breaker is where a lane's breaker stands.
type Breaker int

// The breaker's positions, as cascade_breaker_state shows them.
const (
	Closed   Breaker = iota
	HalfOpen         // a gentle start
	Open
)

// Queue is how one of asynq's queues stands.
type Queue struct {
	Name              string
	Tasks             map[string]int // by state
	Processed, Failed int
	Paused            bool
	Latency           time.Duration
}

// How long one look at Redis is believed, and how long it may take.
const (
	fleetLasts  = 2 * time.Second
	fleetWithin = 5 * time.Second
)

// fleetCollector looks at Redis when somebody scrapes, and at most every two seconds.
type fleetCollector struct {
	look func(context.Context) (Fleet, error)
	now  func() time.Time
	log  *slog.Logger

	mu    sync.Mutex
	at    time.Time
	fleet Fleet
	err   error
}

// read gives the fleet as it was seen at most two seconds ago.
func (c *fleetCollector) read() (Fleet, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); c.at.IsZero() || now.Sub(c.at) >= fleetLasts {
		ctx, done := context.WithTimeout(context.Background(), fleetWithin)
		defer done()
		was := c.err
		c.fleet, c.err = c.look(ctx)
		c.at = c.now()
		if c.err != nil && was == nil {
			c.log.Warn("metrics of the fleet are not shown: Redis could not be read", "error", c.err)
		}
	}
	return c.fleet, c.err
}

// descs are those of the fleet's metrics, by name, made once.
var descs = func() map[string]*prometheus.Desc {
	all := map[string]*prometheus.Desc{}
	for _, d := range append([]Metric{redisUp}, Catalogue()...) {
		if d.Fleet || d.Name == redisUp.Name {
			all[d.Name] = d.desc()
		}
	}
	return all
}()

// Describe tells all that may be shown.
func (c *fleetCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range descs {
		out <- d
	}
}

// Collect shows the fleet, or that Redis could not be read: an old number would lie.
func (c *fleetCollector) Collect(out chan<- prometheus.Metric) {
	f, err := c.read()
	s := shower{out}
	s.show(redisUp, truth(err == nil))
	if err == nil {
		s.fleet(f)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
