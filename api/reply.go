package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// retryAfter is what a 429 and a 503 ask callers to wait, in seconds.
const retryAfter = "5"

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, v any) error {
	return encode(w, status, "application/json", v)
}

func encode(w http.ResponseWriter, status int, contentType string, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a caller who has gone does not need it
	return nil
}

// refuse answers with a problem.
func refuse(w http.ResponseWriter, p *Problem) {
	w.Header().Del("Content-Disposition")
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	case http.StatusConflict:
		if p.Type == inProgress.uri() {
			w.Header().Set("Retry-After", retryAfter)
		}
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="cascade"`)
	}
	_ = encode(w, p.Status, "application/problem+json", p) // a Problem is always JSON
}

// contentType refuses a body that is none of these.
func contentType(r *http.Request, want ...string) error {
	got, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if slices.Contains(want, got) {
		return nil
	}
	return unsupported.because("want the header Content-Type: " + strings.Join(want, " or "))
}

// untimed lifts the deadlines of a request that may take as long as it needs. A writer
// that has none is a test's: there is nothing to lift then.
func untimed(w http.ResponseWriter) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{})
	_ = c.SetWriteDeadline(time.Time{})
}

// brokenOff is the problem of a body that did not come whole.
func brokenOff(err error) error {
	if size := (*http.MaxBytesError)(nil); errors.As(err, &size) {
		return err
	}
	return fmt.Errorf("%w: %w", malformed.because("the body broke off"), err)
}

// readOrder reads an order, and notes its reason for the journal.
func readOrder(r *http.Request, by Caller) (o Order, err error) {
	err = decode(r, &o, `{"reason": "…"}`)
	by.because(o.Reason)
	return o, err
}

// decode reads the JSON of an order, which may be left out.
func decode(r *http.Request, into any, want string) error {
	const most = 4 << 10
	d := json.NewDecoder(http.MaxBytesReader(nil, r.Body, most))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if size := (*http.MaxBytesError)(nil); err != nil && !errors.As(err, &size) {
		return malformed.because("want nothing, or JSON as " + want)
	}
	return err
}
