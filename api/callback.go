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

const (
	maxCallback = 1 << 20 // bytes: 1 MiB
	// callbackTimeout bounds how long a callback waits for the ledger before it is
	// answered 503.
	callbackTimeout = 10 * time.Second
)

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
	ack, readable, err := s.take(ctx, a, r, raw.Bytes())
	switch {
	case err != nil:
		a.count(CallbackUnavailable)
		return err
	case readable:
		a.count(CallbackApplied)
	default:
		a.count(CallbackUnreadable)
	}
	return acknowledge(w, ack)
}

// readCallback reads the body and puts it back, for the reporter to read.
func readCallback(w http.ResponseWriter, r *http.Request, raw *bytes.Buffer) error {
	if r.ContentLength > maxCallback {
		return &http.MaxBytesError{Limit: maxCallback}
	}
	if _, err := raw.ReadFrom(http.MaxBytesReader(w, r.Body, maxCallback)); err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(raw.Bytes()))
	return nil
}

// take reads a callback and applies all that it says. What cannot be read, or holds a
// word that nobody defined, is kept raw and is not readable; an error means that the
// ledger could not be reached, and that the callback must come again.
func (s *Server) take(ctx context.Context, a *account, r *http.Request, raw []byte) (ack provider.Ack, readable bool, err error) {
	receipts, ack, unreadable := a.reporter.Receipts(r)
	undefined, err := s.apply(ctx, a, receipts)
	if err != nil {
		return ack, false, err
	}
	if unreadable == nil && undefined == 0 {
		return ack, true, nil
	}
	if len(raw) == 0 {
		raw = []byte(r.URL.RawQuery)
	}
	if err := s.receipts.KeepRaw(ctx, a.name, raw); err != nil {
		return ack, false, err
	}
	s.unread.Do(func() {
		s.log.Warn("a callback was kept raw, for it is not wholly understood", "account", a.name, "undefined", undefined, "error", unreadable)
	})
	return ack, false, nil
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
