package queuemon

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/hibiken/asynqmon"
)

// Options are what a Monitor needs. Redis and Allowed must be set.
type Options struct {
	// Root is the path below which it is served, without a slash at its end. Default:
	// /queues.
	Root string
	// Redis gives the client of the Redis on which the queues are: one server, one behind
	// sentinels, or a cluster. It is asked twice, is given nothing back and may give the
	// same client: it is its owner who closes it.
	Redis Connector
	// Allowed says whether a request is let in. Every path below Root is asked for.
	Allowed func(*http.Request) bool
	// Refuse answers a request that is not allowed; default: 401 in a line of text.
	Refuse http.Handler
}

// Connector is what asynq calls a RedisConnOpt. What it gives is a redis.UniversalClient.
type Connector interface{ MakeRedisClient() any }

// Monitor is asynqmon as a handler. Make one with New.
type Monitor struct {
	root    string
	allowed func(*http.Request) bool
	refuse  http.Handler
	shown   http.Handler // asynqmon
	page    page
}

// New makes the handler of everything below the root. It fails if asynqmon's page, which
// is part of this binary, holds something that its policy could not allow.
func New(o Options) (*Monitor, error) {
	if o.Redis == nil || o.Allowed == nil {
		return nil, errors.New("queuemon: Redis and Allowed must be set")
	}
	m := &Monitor{root: o.Root, allowed: o.Allowed, refuse: o.Refuse}
	if m.root == "" {
		m.root = "/queues"
	}
	if m.refuse == nil {
		m.refuse = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "the queues are shown to those who are logged in", http.StatusUnauthorized)
		})
	}
	m.shown = asynqmon.New(asynqmon.Options{
		RootPath: m.root, RedisConnOpt: o.Redis, ReadOnly: true,
		PayloadFormatter: asynqmon.PayloadFormatterFunc(payload), ResultFormatter: asynqmon.ResultFormatterFunc(payload),
	})
	var err error
	if m.page, err = readPage(m.shown, m.root+"/"); err != nil {
		return nil, fmt.Errorf("queuemon: %w", err)
	}
	return m, nil
}

// ServeHTTP serves asynqmon's page on every path that is none of its files and asks
// nothing of its API: which view is meant, its script reads out of the path.
func (m *Monitor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if !m.allowed(r) {
		m.refuse.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "the queues are only shown here: pause a lane or a campaign instead", http.StatusMethodNotAllowed)
		return
	}
	rest, below := strings.CutPrefix(r.URL.Path, m.root+"/")
	media, isFile := fileType(rest)
	switch {
	case !below && r.URL.Path != m.root:
		http.NotFound(w, r)
	case strings.HasPrefix(rest, "api/"):
		m.shown.ServeHTTP(&typed{ResponseWriter: w, media: "application/json"}, asGet(r))
	case isFile:
		h.Set("Cache-Control", "private, max-age=86400")
		m.shown.ServeHTTP(&typed{ResponseWriter: w, media: media}, asGet(r))
	default:
		m.page.serve(w)
	}
}

// asGet is the request as asynqmon's router knows it: what a HEAD is answered, net/http
// cuts off by itself.
func asGet(r *http.Request) *http.Request {
	if r.Method == http.MethodGet {
		return r
	}
	get := *r
	get.Method = http.MethodGet
	return &get
}
