package api

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// How many calls at a time may remember every person of a file or of a campaign, in one
// process: some 40 MB for each million of them, in a pod that has 256 MiB.
const (
	checksAtOnce  = 2
	exportsAtOnce = 2
)

// seats are for calls that need much memory. Who finds none free waits.
type seats chan struct{}

// take waits for a seat, for as long as its caller does, and gives what leaves it again.
func (s seats) take(ctx context.Context) (leave func(), err error) {
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for others that are at the same: %w", ctx.Err())
	}
}

// Steady gives up an answer of any length of which nothing is taken for a minute: whoever
// stands still would keep others waiting for a seat. What lies in buffers counts as taken.
func Steady(w http.ResponseWriter) http.ResponseWriter { return &steady{ResponseWriter: w} }

type steady struct {
	http.ResponseWriter
	until time.Time
}

func (s *steady) Write(b []byte) (int, error) {
	if now := time.Now(); s.until.Sub(now) < standstill/2 {
		s.until = now.Add(standstill)
		_ = http.NewResponseController(s.ResponseWriter).SetWriteDeadline(s.until) // a writer that has none is within this process
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (s *steady) Unwrap() http.ResponseWriter { return s.ResponseWriter }
