package web

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// Environment says what a deployment's sends reach.
type Environment string

// The environments, as the badge on every page has them.
const (
	Demo       Environment = "DEMO"       // nothing leaves the machine, and all is gone at exit
	Simulated  Environment = "SIMULATED"  // every provider is on this machine
	Production Environment = "PRODUCTION" // people are reached
)

// Options are what a Dashboard needs.
type Options struct {
	Sessions    scs.CtxStore // where sessions are kept, for all processes; must be set
	Environment Environment  // default: Production
	Queues      Queues       // makes asynq's own view; nil: it is not shown
	// TLS says that people reach the dashboard over TLS, through what stands before it: the
	// session's cookie is then for TLS only.
	TLS bool
	Log *slog.Logger     // default: slog.Default()
	Now func() time.Time // default: time.Now
}

// Dashboard serves the pages.
type Dashboard struct {
	environment Environment
	api         *api.Server
	client      *client.Client
	sessions    *scs.SessionManager
	wrongTokens *wrongTokens
	hub         *hub
	laneList    shared[[]client.Lane]
	queueList   shared[[]client.Queue]
	queues      http.Handler // asynq's own view; nil: it is not shown
	ring        ring
	tracks      tracks
	assets      assets
	templates   map[string]*template.Template
	log         *slog.Logger
	now         func() time.Time
	handler     http.Handler
}

// New checks the options and lays the pages out. Nothing is asked of the API before the
// first request.
func New(server *api.Server, o Options) (*Dashboard, error) {
	if server == nil || o.Sessions == nil {
		return nil, errors.New("web: the API and Sessions must be set")
	}
	d := &Dashboard{environment: o.Environment, api: server, log: o.Log, now: o.Now}
	if d.environment == "" {
		d.environment = Production
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	if d.now == nil {
		d.now = time.Now
	}
	var err error
	if d.client, err = newClient(server); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if d.assets, err = readAssets(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	if d.templates, err = d.readTemplates(); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	d.sessions = d.newSessions(o.Sessions, o.TLS)
	d.wrongTokens = newWrongTokens(d.now)
	d.hub = newHub(everySecond)
	if err = d.mountQueues(o.Queues); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	d.handler = d.lay()
	return d, nil
}

// ServeHTTP serves the pages, below "/".
func (d *Dashboard) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.handler.ServeHTTP(w, r) }

// Close ends the live streams, and with them what is read for them.
func (d *Dashboard) Close() { d.hub.close() }

// lay lays out what is served.
func (d *Dashboard) lay() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/{name}", d.assets)
	inside := func(pattern string, serve http.HandlerFunc) { mux.Handle(pattern, d.sessions.LoadAndSave(serve)) }
	deed := func(pattern string, serve http.HandlerFunc) {
		mux.Handle(pattern, toItsEnd(d.sessions.LoadAndSave(serve)))
	}
	inside("GET /login", d.showLogin)
	inside("POST /login", d.login)
	deed("POST /logout", d.logout)
	for _, p := range pages {
		inside(p.method()+" "+p.path, d.show(p))
		if p.live {
			mux.HandleFunc("GET "+streamPrefix+p.path, d.stream(p)) // a stream renews no session
		}
	}
	for _, f := range fetches {
		inside("GET "+f.path, d.fetch(f))
	}
	for _, u := range uploads {
		deed("POST "+u.path, d.take(u))
	}
	for _, a := range deeds {
		deed("POST "+a.path, d.act(a))
	}
	if d.queues != nil {
		mux.Handle("/queues/", d.queues)
	}
	inside("/", d.nothing)
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(d.stranger))
	return guarded(origin.Handler(mux))
}

// as is a context whose calls are made as this person.
func as(ctx context.Context, by api.Caller) context.Context { return api.As(ctx, by) }
