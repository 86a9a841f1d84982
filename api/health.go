package api

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// readyWithin bounds how long Redis may take to answer before the process is not ready.
const readyWithin = 2 * time.Second

// health is the answer of a process that is well.
type health struct {
	Status string `json:"status"`
}

var healthy = health{"ok"}

// Drain makes the process answer that it is not ready, so that no new work is sent to
// it. What comes all the same is served.
func (s *Server) Drain() { s.draining.Store(true) }

// livez says that the process lives.
func (s *Server) livez(w http.ResponseWriter, _ *http.Request, _ Caller) error {
	return reply(w, http.StatusOK, healthy)
}

// readyz says that the process takes work.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request, _ Caller) error {
	if s.draining.Load() {
		return notReady.because("the process is draining")
	}
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	if s.ready != nil {
		if err := s.ready(ctx); err != nil {
			return fmt.Errorf("%w: %w", notReady.because("Redis does not answer"), err)
		}
	}
	return reply(w, http.StatusOK, healthy)
}
