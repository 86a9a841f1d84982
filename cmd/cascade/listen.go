package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// listen opens the process's one listener, and gives the function that serves on it
// until its context ends.
func (h *house) listen(listening func(addr string)) (serve func(context.Context) error, err error) {
	server, err := h.newAPI()
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
	web := &http.Server{Handler: h.traces.Handler(server.Handler()), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: 2 * time.Minute}
	return serving(web, l, server.Drain, "callbacks and the API"), nil
}

// serving gives the function that serves what is called so until its context ends. drain is
// called before the listener closes.
func serving(web *http.Server, l net.Listener, drain func(), what string) func(context.Context) error {
	return func(ctx context.Context) error {
		closed := make(chan error, 1)
		go func() {
			<-ctx.Done()
			drain()
			grace, done := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer done()
			err := web.Shutdown(grace)
			if errors.Is(err, context.DeadlineExceeded) {
				err = web.Close() // what is left has had its time
			}
			closed <- err
		}()
		if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %s: %w", what, err)
		}
		return <-closed
	}
}

func (h *house) newAPI() (*api.Server, error) {
	o := api.Options{
		Door:      h.door,
		Campaigns: h.register(), Repeats: h.store, Journal: h.store,
		Receipts: h.store, People: h.store, Lanes: laneDesk{h}, Brake: brake{h}, Heard: h.hearing.Heard,
		Accounts: map[string]api.Account{}, Configured: h.config, StopWords: h.config.StopWords,
		Mounts: []api.Mount{{Path: "/metrics", Role: api.Viewer, Handler: h.metrics.Handler()}},
		Ready:  h.store.Ping, Explain: explain, Log: h.log,
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
