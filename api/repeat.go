package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// repeatHeader names a call, so that its repetition is answered as it was itself. It is
// honoured on POSTs of up to 1 MiB; an upload needs none, for its rows are recognised.
const repeatHeader = "Idempotency-Key"

const (
	longestKey  = 255
	renewEvery  = 10 * time.Second // a third of what the ledger holds a call for
	repeatsWait = 20 * time.Second // for another who is at the same call
	repeatsLook = 25 * time.Millisecond
)

// handler is a route's, for a caller that was let in.
type handler func(http.ResponseWriter, *http.Request) error

// repeatable says whether the call bears a key that counts. What only asks is asked anew, and
// who was erased is again: of people nothing is kept that need not be.
func (s *Server) repeatable(r *http.Request, rt route) bool {
	return s.repeats != nil && !rt.asks() && rt.path != erasePath && rt.role > Anyone && r.Header.Get(repeatHeader) != "" && !isUpload(r)
}

// once answers a call with a key: the first time by what serve does, and then as it was
// answered. What was not a success is not kept, for it may become one.
func (s *Server) once(w http.ResponseWriter, r *http.Request, by Caller, serve handler) error {
	key := r.Header.Get(repeatHeader)
	if len(key) > longestKey || strings.ContainsFunc(key, func(c rune) bool { return c < ' ' || c > '~' }) {
		return malformed.because("want at most 255 printable ASCII characters in the header " + repeatHeader)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, campaign.MaxMessagesBody))
	if err != nil {
		return brokenOff(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	id := sha256.Sum256([]byte(by.Name + "\x00" + key)) // a key is its bearer's own
	c := &call{repeats: s.repeats, key: hex.EncodeToString(id[:]), holder: rand.Text(),
		body: sha256.Sum256(slices.Concat([]byte(r.URL.RequestURI()+"\x00"), body))}
	kept, err := c.begin(r.Context())
	switch {
	case err != nil:
		return err
	case kept != nil:
		return kept.write(w)
	}
	return s.act(c, w, r, serve)
}

// act serves a call that is held, and keeps its answer before it is given.
func (s *Server) act(c *call, w http.ResponseWriter, r *http.Request, serve handler) error {
	renewed := c.renew(r.Context())
	defer renewed()
	first := &firstAnswer{ResponseWriter: w, header: http.Header{}}
	err := serve(first, r)
	var text []byte
	if err == nil && first.Status < http.StatusMultipleChoices {
		first.Location, first.ContentType = first.header.Get("Location"), first.header.Get("Content-Type")
		if text, err = json.Marshal(first.answered); err != nil {
			return err
		}
	}
	if failed := s.repeats.End(context.WithoutCancel(r.Context()), c.key, c.holder, text); failed != nil {
		s.log.Warn("the answer of a call is not kept: its repetition is carried out, which does nothing twice", "route", r.Pattern, "error", failed)
	}
	if err != nil {
		return err
	}
	return first.write(w)
}

// call is one call with a key.
type call struct {
	repeats     Repeats
	key, holder string
	body        [sha256.Size]byte
}

// begin waits until the call is held, or was answered.
func (c *call) begin(ctx context.Context) (*answered, error) {
	ctx, done := context.WithTimeout(ctx, repeatsWait)
	defer done()
	for {
		act, same, text, err := c.repeats.Begin(ctx, c.key, c.body, c.holder)
		switch {
		case err != nil && ctx.Err() == nil:
			return nil, err
		case err != nil:
		case !same:
			return nil, otherBody.because("the header " + repeatHeader + " came with another call before: give each call a key of its own, and repeat it as it was")
		case act:
			return nil, nil
		case text != nil:
			kept := new(answered)
			return kept, json.Unmarshal(text, kept)
		}
		select {
		case <-time.After(repeatsLook):
		case <-ctx.Done():
			return nil, inProgress.because("the same call is still being carried out: repeat it in a moment")
		}
	}
}

// renew holds the call until the function that it gives is called.
func (c *call) renew(ctx context.Context) (end func()) {
	ctx, stop := context.WithCancel(ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-time.After(renewEvery):
				_, _, _, _ = c.repeats.Begin(ctx, c.key, c.body, c.holder) // the next one may work
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { stop(); <-over }
}

// answered is an answer as it is kept.
type answered struct {
	Status      int    `json:"status"`
	Location    string `json:"location,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Body        []byte `json:"body"`
}

func (a *answered) write(w http.ResponseWriter) error {
	h := w.Header()
	for name, value := range map[string]string{"Location": a.Location, "Content-Type": a.ContentType} {
		if value != "" {
			h.Set(name, value)
		}
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // a caller who has gone does not need it
	return nil
}

// firstAnswer holds an answer back until it is kept.
type firstAnswer struct {
	http.ResponseWriter // for what is not of the answer: deadlines
	answered
	header http.Header
}

func (f *firstAnswer) Header() http.Header         { return f.header }
func (f *firstAnswer) Unwrap() http.ResponseWriter { return f.ResponseWriter }

func (f *firstAnswer) WriteHeader(status int) {
	if f.Status == 0 {
		f.Status = status
	}
}

func (f *firstAnswer) Write(b []byte) (int, error) {
	f.WriteHeader(http.StatusOK)
	f.Body = append(f.Body, b...)
	return len(b), nil
}
