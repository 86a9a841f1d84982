package client

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// What a receiver is posted, and how old it may be.
const (
	MessageClosed    = "message.closed"
	MessageEscalated = "message.escalated"
	MessageLate      = "message.late"
	MessageInbound   = "message.inbound"

	webhookAge  = 5 * time.Minute
	mostWebhook = 1 << 20
)

// ErrNotAuthentic says that a request does not come from who knows the secret, or comes too
// late. It is answered 401 and forgotten.
var ErrNotAuthentic = errors.New("the webhook is not authentic")

// Verifier tells the webhooks of one's own Cascade from anybody else's requests, by the
// Standard Webhooks form. Make one with NewVerifier.
type Verifier struct{ keys [][]byte }

// NewVerifier takes the secret that the server signs with, as whsec_MfKQ9r8GKY…; several
// while one takes the other's place.
func NewVerifier(secrets ...string) (*Verifier, error) {
	if len(secrets) == 0 {
		return nil, errors.New("a verifier wants a secret, as whsec_MfKQ9r8GKY…")
	}
	v := &Verifier{}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil || len(key) == 0 {
			return nil, errors.New("a webhook's secret is whsec_ and base64") // err would show a part of it
		}
		v.keys = append(v.keys, key)
	}
	return v, nil
}

// Verify says whether a request with this header and body is authentic: nil, or an error
// that is ErrNotAuthentic. The body must be as it came, byte by byte.
func (v *Verifier) Verify(h http.Header, body []byte, now time.Time) error {
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || id == "" {
		return fmt.Errorf("%w: it lacks webhook-id or webhook-timestamp", ErrNotAuthentic)
	}
	if age := now.Sub(time.Unix(seconds, 0)).Abs(); age > webhookAge {
		return fmt.Errorf("%w: it was sent %s from now, or the clocks differ", ErrNotAuthentic, age.Round(time.Second))
	}
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(signature, "v1,"))
		if !strings.HasPrefix(signature, "v1,") || err != nil {
			continue
		}
		for _, key := range v.keys {
			mac := hmac.New(sha256.New, key)
			mac.Write([]byte(id + "." + stamp + "."))
			mac.Write(body)
			if hmac.Equal(mac.Sum(nil), sum) {
				return nil
			}
		}
	}
	return fmt.Errorf("%w: no signature fits", ErrNotAuthentic)
}

// Event is what a receiver is posted.
type Event struct {
	ID   string          `json:"-"`         // the same however often it comes: who has seen it drops it
	Type string          `json:"type"`      // MessageClosed, …; new ones may be added
	At   time.Time       `json:"timestamp"` // when it happened
	Data json.RawMessage `json:"data"`      // see Message and Inbound
}

// Read reads a request and verifies it. An error that is ErrNotAuthentic is for a 401,
// another for a 400.
func (v *Verifier) Read(r *http.Request) (e Event, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, mostWebhook))
	if err != nil {
		return e, fmt.Errorf("read a webhook: %w", err)
	}
	if err := v.Verify(r.Header, body, time.Now()); err != nil {
		return e, err
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return e, fmt.Errorf("read a webhook: %w", err)
	}
	e.ID = r.Header.Get("webhook-id")
	return e, nil
}

// Message is what an event says of a message: of all types but MessageInbound.
func (e Event) Message() (m MessageNews, err error) { return m, json.Unmarshal(e.Data, &m) }

// Inbound is what a person wrote: of an event of the type MessageInbound.
func (e Event) Inbound() (w Written, err error) { return w, json.Unmarshal(e.Data, &w) }
