package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// callbackTimeout bounds how long a callback waits for the ledger before it is answered
// 503.
const callbackTimeout = 10 * time.Second

// callback takes what a provider reports: it is authenticated, read, applied, and only
// then answered.
func (s *Server) callback(w http.ResponseWriter, r *http.Request, _ Caller) error {
	a := s.accounts[r.PathValue("account")]
	if a == nil {
		a = s.stranger
	}
	if !a.opens(r.PathValue("secret")) {
		a.count(CallbackRefused)
		s.refusals.Do(func() { s.log.Warn("callbacks are refused: no such account, or not its secret", "account", a.name) })
		return notFound.because("")
	}
	raw := s.bodies.Get().(*bytes.Buffer)
	raw.Reset()
	defer s.bodies.Put(raw)
	if err := readCallback(w, r, raw); err != nil {
		if size := (*http.MaxBytesError)(nil); errors.As(err, &size) {
			a.count(CallbackTooLarge)
		}
		return brokenOff(err)
	}
	// A provider that hangs up early has reported all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), callbackTimeout)
	defer cancel()
	ack, result, err := s.take(ctx, a, r, raw.Bytes())
	a.count(result)
	if err != nil {
		return err
	}
	return acknowledge(w, ack)
}

// readCallback reads the body and puts it back, for the reporter to read.
func readCallback(w http.ResponseWriter, r *http.Request, raw *bytes.Buffer) error {
	if r.ContentLength > provider.MaxCallback {
		return &http.MaxBytesError{Limit: provider.MaxCallback}
	}
	if _, err := raw.ReadFrom(http.MaxBytesReader(w, r.Body, provider.MaxCallback)); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw.Bytes()))
	return nil
}

// take reads a callback and applies all that it says. What is not authentic is refused
// and leaves nothing; what cannot be read, or holds a word that nobody defined, is kept
// raw; an error means that the ledger could not be reached, and that the callback must
// come again.
func (s *Server) take(ctx context.Context, a *account, r *http.Request, raw []byte) (provider.Ack, CallbackResult, error) {
	receipts, ack, unreadable := a.reporter.Receipts(r)
	if errors.Is(unreadable, provider.ErrNotAuthentic) {
		s.refusals.Do(func() { s.log.Warn("callbacks are refused", "account", a.name, "error", unreadable) })
		return ack, CallbackRefused, nil
	}
	undefined, err := s.apply(ctx, a, receipts)
	if err != nil {
		return ack, CallbackUnavailable, err
	}
	if unreadable == nil && undefined == 0 {
		return ack, CallbackApplied, nil
	}
	if len(raw) == 0 {
		raw = []byte(r.URL.RawQuery)
	}
	if err := s.receipts.KeepRaw(ctx, a.name, raw); err != nil {
		return ack, CallbackUnavailable, err
	}
	s.unread.Do(func() {
		s.log.Warn("a callback was kept raw, for it is not wholly understood", "account", a.name, "undefined", undefined, "error", unreadable)
	})
	return ack, CallbackUnreadable, nil
}

func acknowledge(w http.ResponseWriter, ack provider.Ack) error {
	if ack.ContentType != "" {
		w.Header().Set("Content-Type", ack.ContentType)
	}
	if ack.Status == 0 {
		ack.Status = http.StatusOK
	}
	w.WriteHeader(ack.Status)
	_, _ = io.WriteString(w, ack.Body) // who has gone is told when it asks again
	return nil
}
