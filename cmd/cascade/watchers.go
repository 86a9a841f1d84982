package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/metrics"
)

// newMetrics makes the process' metrics.
func (h *house) newMetrics() *metrics.Metrics {
	b := thisBuild()
	o := metrics.Options{
		Build: metrics.Build{Version: b.Version, Revision: b.Revision, Go: b.Go},
		Look:  (&lookout{house: h}).look, Log: h.log,
	}
	for _, l := range h.lanes {
		o.Lanes = append(o.Lanes, l.Lane)
	}
	return metrics.New(o)
}

// callbackCounts are an API's, as the metrics want them.
func callbackCounts(s *api.Server) func() []metrics.Callback {
	return func() []metrics.Callback {
		counts := s.Callbacks()
		list := make([]metrics.Callback, len(counts))
		for i, c := range counts {
			list[i] = metrics.Callback{Account: c.Account, Result: c.Result.String(), N: c.N}
		}
		return list
	}
}

// listenForWatchers opens the listener of those who watch the process and may be let in
// without a token: it tells how the process stands, and nothing of campaigns or people.
func (h *house) listenForWatchers(draining func() bool) (serve func(context.Context) error, err error) {
	l, err := net.Listen("tcp", h.config.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("listen for those who watch: %w. Free the address, or set another with metrics_listen: or CASCADE_METRICS_LISTEN", err)
	}
	h.log.Info("metrics", "address", l.Addr().String())
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", h.metrics.Handler())
	mux.HandleFunc("GET /livez", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		const within = 2 * time.Second
		ctx, done := context.WithTimeout(r.Context(), within)
		defer done()
		switch {
		case draining():
			http.Error(w, "the process is draining", http.StatusServiceUnavailable)
		case h.store.Ping(ctx) != nil:
			http.Error(w, "Redis does not answer", http.StatusServiceUnavailable)
		}
	})
	const patience = 30 * time.Second
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: 2 * time.Minute}
	return serving(web, l, func() {}, "those who watch"), nil
}
