package simulator

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-438792ba/cascade/campaign"
)

// Options are what a Simulator is made with. The zero value plays an ideal provider
// that lets everybody in and has nowhere to send its receipts.
type Options struct {
	Callbacks   string             // where receipts are posted; may be set later
	CallbacksOf map[string]string  // the same by provider, for those that have an address of their own
	Signing     map[string]Signing // what callbacks bear, by provider; none: nothing
	Accounts    map[string]Account // by credential; none: any will do, but those that begin with "bad"
	Scenario    Scenario           // zero: an ideal provider; see DefaultScenario
	Seed        uint64             // the same seed, the same chances and fingerprints
	Log         io.Writer          // gets each request's record, a JSON line, once nothing more is to come of it; nil: none
	KeepContent bool               // keep whole numbers and texts in the log
	MaxRecords  int                // kept in memory, 0: 2,000,000
	Logger      *slog.Logger       // nil: none
	Now         func() time.Time   // nil: time.Now
}

// Simulator is the providers. Serve it over HTTP, and Run it for its receipts.
type Simulator struct {
	opts    Options
	now     func() time.Time
	logger  *slog.Logger
	handler http.Handler
	caller  *http.Client

	gate    *gate
	ledger  *ledger
	journal *journal
	postman *postman
	parked  *parked

	setting   atomic.Pointer[setting]
	addresses *addresses
	stopped   chan struct{} // closed when Run ends

	refused   rate.Sometimes // tells of callbacks that were not taken
	unnamed   atomic.Uint64  // messages that came without an id
	abandoned atomic.Int64   // callbacks given up
	muted     atomic.Int64   // receipts lost on purpose, or not wanted
	nowhere   atomic.Int64   // receipts for which no callback URL was set
	strayed   atomic.Int64   // requests to paths that no provider has
	asked     atomic.Int64   // questions about messages
}

// setting is the scenario in effect, and since when.
type setting struct {
	scenario Scenario
	since    time.Time
}

// outageAt is the outage that holds now, or nil.
func (s *setting) outageAt(now time.Time) *Outage {
	since := now.Sub(s.since)
	for i, o := range s.scenario.Outages {
		if since >= o.From.Std() && since < o.To.Std() {
			return &s.scenario.Outages[i]
		}
	}
	return nil
}

// New makes a Simulator. The error names every mistake in the scenario, and
// what a provider is to sign and cannot.
func New(o Options) (*Simulator, error) {
	if err := o.Scenario.check(); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	if err := checkSigning(o.Signing); err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.MaxRecords = cmp.Or(o.MaxRecords, 2_000_000)
	o.Accounts = named(o.Seed, o.Accounts)
	s := &Simulator{
		opts:    o,
		now:     o.Now,
		logger:  cmp.Or(o.Logger, slog.New(slog.DiscardHandler)),
		caller:  newCaller(),
		gate:    newGate(o.Now),
		ledger:  newLedger(o.MaxRecords),
		journal: newJournal(o.MaxRecords, o.Log),
		parked:  newParked(),
		stopped: make(chan struct{}),
		refused: rate.Sometimes{Interval: time.Minute},

		addresses: newAddresses(o.Callbacks, o.CallbacksOf),
	}
	s.postman = newPostman(o.Now, s.report)
	s.handler = s.routes()
	s.put(o.Scenario)
	return s, nil
}

// ServeHTTP answers as the providers do, and under /sim/ and / as itself.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Run sends the receipts until the context ends. It returns once the callbacks then on
// their way were answered, and the log is written; what was still to come is dropped.
// It may be called once. The error says that the log could not be written.
func (s *Simulator) Run(ctx context.Context) error {
	s.postman.run(ctx, workers)
	close(s.stopped)
	s.caller.CloseIdleConnections()
	if err := s.journal.close(); err != nil {
		return fmt.Errorf("write the simulator's log: %w", err)
	}
	return nil
}

// Scenario is the one in effect.
func (s *Simulator) Scenario() Scenario { return s.setting.Load().scenario }

// SetScenario changes the scenario for what comes from now on; the times of its
// outages count from now. The error names every mistake, and then nothing changes.
func (s *Simulator) SetScenario(sc Scenario) error {
	if err := sc.check(); err != nil {
		return fmt.Errorf("scenario: %w", err)
	}
	s.put(sc)
	s.logger.Info("scenario changed")
	return nil
}

func (s *Simulator) put(sc Scenario) {
	s.setting.Store(&setting{scenario: sc.withDefaults(), since: s.now()})
}

// Pending is how many messages have receipts that are still to be sent. A message
// that waits for an escalation (magic number 0005) is not among them.
func (s *Simulator) Pending() int {
	n, _ := s.postman.outstanding()
	return n
}

// Drain waits until nothing is pending, or for the context's end.
func (s *Simulator) Drain(ctx context.Context) error {
	_, idle := s.postman.outstanding()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%d messages have receipts that are still to be sent: %w", s.Pending(), ctx.Err())
	}
}

// keyOf stands for a message, as the provider tells it from all others.
func (s *Simulator) keyOf(provider, account string, ch campaign.Channel, id string) fingerprint {
	return fingerprintOf(s.opts.Seed, "message", provider, account, ch.String(), id)
}

// stateIn looks up how a message of the account stands.
func (s *Simulator) stateIn(d dialect, account string) func(campaign.Channel, string) state {
	return func(ch campaign.Channel, id string) state {
		return s.ledger.state(s.keyOf(d.card().Name, account, ch, id))
	}
}
