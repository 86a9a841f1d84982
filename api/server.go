package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// Options are what a Server needs. The first five must be set.
type Options struct {
	Door      *fallback.Door
	Campaigns Campaigns
	Receipts  Receipts
	People    People
	Lanes     Lanes
	Brake     Brake // nil: receipts stop no lane
	// Heard is told of each receipt on its lane, of any kind; nil: nobody listens.
	Heard func(campaign.Lane)

	Inbox     Inbox              // nil: nobody outside is told what people write
	Webhooks  Webhooks           // nil: there are no receivers outside
	Drafts    Drafts             // nil: nobody keeps campaigns that are being prepared
	Fleet     Fleet              // nil: nobody tells of queues and processes
	Journal   Journal            // nil: nobody keeps what was done
	Repeats   Repeats            // nil: the header Idempotency-Key is not heeded
	Accounts  map[string]Account // whose callbacks are taken, by name
	StopWords campaign.StopWords // with which people end what they get, besides those that every deployment knows
	// Configured is what campaigns are checked against; nil: nothing is asked of the
	// configuration.
	Configured campaign.Accounts
	Tokens     []Token // none: only this machine itself is let in, as admin
	Mounts     []Mount // what others serve on the same listener
	// Pages makes what is served at "/", for people: it is given the server whose API it
	// speaks, and lets in by itself. nil: there is nothing.
	Pages func(*Server) (http.Handler, error)
	// Ready says whether Redis answers; nil: it is not asked.
	Ready func(context.Context) error
	// Explain makes a problem of a port's error that the API does not know; nil, or an
	// answer of nil: the ledger could not be reached.
	Explain func(error) *Problem
	Log     *slog.Logger     // default: slog.Default()
	Now     func() time.Time // default: time.Now
}

// Server serves callbacks, the API and the health of the process.
type Server struct {
	door       *fallback.Door
	campaigns  Campaigns
	receipts   Receipts
	people     People
	lanes      Lanes
	brake      Brake
	heard      func(campaign.Lane)
	runs       provider.Runs
	codes      Codes
	inbox      Inbox
	webhooks   Webhooks
	drafts     Drafts
	fleet      Fleet
	failures   failures
	journal    Journal
	repeats    Repeats
	accounts   map[string]*account
	stranger   *account // stands for every account that is not there
	configured campaign.Accounts
	stops      campaign.StopWords
	guard      *guard
	ready      func(context.Context) error
	explain    func(error) *Problem
	log        *slog.Logger
	now        func() time.Time
	handler    http.Handler
	described  []byte         // the OpenAPI document
	bodies     sync.Pool      // of *bytes.Buffer: callbacks, one after the other
	refusals   rate.Sometimes // tells of callbacks that were not let in
	strangers  rate.Sometimes // tells of requests without a token that went wrong
	unread     rate.Sometimes // tells of callbacks that are not understood
	draining   atomic.Bool
	checks     seats
	exports    seats
}

// New checks the options and lays the routes out.
func New(o Options) (*Server, error) {
	if o.Door == nil || o.Campaigns == nil || o.Receipts == nil || o.People == nil || o.Lanes == nil {
		return nil, errors.New("api: Door, Campaigns, Receipts, People and Lanes must be set")
	}
	s := &Server{
		door: o.Door, campaigns: o.Campaigns, receipts: o.Receipts, people: o.People, lanes: o.Lanes, brake: o.Brake, heard: o.Heard,
		inbox: o.Inbox, webhooks: o.Webhooks, drafts: o.Drafts, fleet: o.Fleet, journal: o.Journal, repeats: o.Repeats, configured: o.Configured, stops: o.StopWords, ready: o.Ready, explain: o.Explain, log: o.Log, now: o.Now,
		refusals: rate.Sometimes{Interval: 30 * time.Second}, strangers: rate.Sometimes{Interval: time.Second}, unread: rate.Sometimes{Interval: time.Second},
		checks: make(seats, checksAtOnce), exports: make(seats, exportsAtOnce),
		bodies: sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.heard == nil {
		s.heard = func(campaign.Lane) {}
	}
	var err error
	if s.guard, err = newGuard(o.Tokens); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	if s.accounts, s.stranger, err = newAccounts(o.Accounts); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	s.codes = Codes{}
	for name, a := range o.Accounts {
		s.codes[name] = a.Codes
	}
	for _, m := range o.Mounts {
		if m.Role < Anyone || m.Role > Admin || m.Handler == nil {
			return nil, fmt.Errorf("api: the mount %s wants a role and a handler", m.Path)
		}
	}
	if s.described, err = describe(routes); err != nil {
		return nil, fmt.Errorf("api: %w", err)
	}
	mounts := o.Mounts
	if o.Pages != nil {
		pages, err := o.Pages(s)
		if err != nil {
			return nil, fmt.Errorf("api: %w", err)
		}
		mounts = append(slices.Clip(mounts), Mount{Path: "/", Role: Anyone, Handler: pages})
	}
	s.handler = s.mux(mounts)
	if s.guard.open() {
		s.log.Warn("NO TOKENS ARE CONFIGURED: whoever can reach the API from this machine is admin, and nobody else is let in")
	}
	return s, nil
}

// Handler serves everything. Uploads and exports take as long as they need: they lift
// the timeouts of the http.Server for themselves.
func (s *Server) Handler() http.Handler { return s.handler }
