package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/web"
)

// listen opens the process's one listener, and gives the function that serves on it
// until its context ends.
func (h *house) listen(listening func(addr string)) (serve func(context.Context) error, err error) {
	var pages *web.Dashboard
	server, err := h.newAPI(func(s *api.Server) (_ http.Handler, err error) {
		pages, err = web.New(s, web.Options{
			Sessions: h.store.Sessions(), Environment: h.environment(), Queues: h.asynqView, TLS: h.config.Dashboard.TLS, Log: h.log,
		})
		return pages, err
	})
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", h.config.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen for callbacks and the API: %w. Free the address, or set another with listen: or CASCADE_LISTEN", err)
	}
	if listening != nil {
		listening(l.Addr().String())
	}
	const patience = 30 * time.Second
	public := &http.Server{Handler: h.traces.Handler(server.Handler()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: 2 * time.Minute}
	public.RegisterOnShutdown(pages.Close)
	return serving(public, l, server.Drain, "callbacks and the API"), nil
}

// serving gives the function that serves what is called so until its context ends. drain is
// called before the listener closes.
func serving(listener *http.Server, l net.Listener, drain func(), what string) func(context.Context) error {
	return func(ctx context.Context) error {
		closed := make(chan error, 1)
		go func() {
			<-ctx.Done()
			drain()
			grace, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer done()
			err := listener.Shutdown(grace)
			if errors.Is(err, context.DeadlineExceeded) {
				err = listener.Close() // what is left has had its time
			}
			closed <- err
		}()
		if err := listener.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %s: %w", what, err)
		}
		return <-closed
	}
}

// environment says what is reached: a person, or nobody.
func (h *house) environment() web.Environment {
	if h.demo {
		return web.Demo
	}
	for _, a := range h.config.Accounts {
		if !a.IsLoopback() {
			return web.Production
		}
	}
	return web.Simulated
}

func (h *house) newAPI(pages func(*api.Server) (http.Handler, error)) (*api.Server, error) {
	o := api.Options{
		Door:      h.door,
		Campaigns: h.register(), Repeats: h.store, Journal: h.store,
		Drafts: h.store, Receipts: h.store, People: h.store, Lanes: laneDesk{h}, Fleet: fleet{h}, Brake: brake{h}, Heard: h.hearing.Heard,
		Accounts: map[string]api.Account{}, Configured: h.config, StopWords: h.config.StopWords,
		Mounts: []api.Mount{{Path: "/metrics", Role: api.Viewer, Handler: h.metrics.Handler()}},
		Ready:  h.store.Ping, Explain: explain, Log: h.log, Pages: pages,
	}
	if len(h.config.Webhooks) > 0 {
		o.Inbox, o.Webhooks = webhookDesk{h}, webhookDesk{h}
	}
	for name, a := range h.config.Accounts {
		o.Accounts[name] = api.Account{Secrets: a.CallbackSecrets, Reporter: h.adapters[name], Codes: h.adapters[name]}
	}
	for _, t := range h.config.Tokens {
		role, err := api.ParseRole(string(t.Role))
		if err != nil {
			return nil, err
		}
		o.Tokens = append(o.Tokens, api.Token{Name: t.Name, Role: role, Secret: t.Token})
	}
	server, err := api.New(o)
	if err == nil {
		h.metrics.ShowCallbacks(callbackCounts(server))
	}
	return server, err
}
