// Package provider says what a provider is and what its answers oblige us to do.
// Each provider has a folder of its own below; it knows neither the queue nor the
// record, only one attempt and one callback at a time.
package provider

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Sender sends one attempt on one channel.
type Sender interface {
	// Send says what became of the request. It never retries, sleeps or limits.
	// What cannot be sent at all is told without asking the gate.
	Send(ctx context.Context, a campaign.Attempt, gate Gate) Outcome
}

// Gate says whether a request may start. It is asked once, when the connection stands
// and the request's first byte is about to be written, and may take its time: this is
// where a worker waits for its slot and makes its claim, so that nothing but a write
// lies between them and the request. An error means that nothing is written. Send does
// not return while the gate is being asked.
type Gate func() error

// Reporter reads receipts out of a provider's callback. The receiver has checked the
// secret in the path and limited the body; anything else that the provider offers for
// authenticity is checked here first.
type Reporter interface {
	// Receipts returns what the callback says, how to answer it once it is applied,
	// and an error if it cannot be read (then it is kept raw, counted and answered 200).
	// Of several receipts each stands alone: those that can be read come beside the error.
	Receipts(r *http.Request) ([]campaign.Receipt, Ack, error)
}

// Ack is how a provider wants its callback answered. The zero Ack is 200 without a body.
type Ack struct {
	Status      int
	ContentType string
	Body        string
}

// Outcome is what became of one request.
type Outcome struct {
	Kind       Kind
	Reason     string        // a short code or the provider's words; no number, no secret, no text
	Scope      Scope         // Postponed and Misconfigured: what is concerned
	RetryAfter time.Duration // Postponed by a 429: how long the provider asked to wait; 0: it gave no hint
	Throttled  bool          // Postponed: it was a 429
	Fault      bool          // counts against the breaker: 5xx, connection errors, timeouts
	ProviderID string        // Accepted: the provider's own id, where it is not ours
	Parts      int           // Accepted: billed SMS parts, where the provider says
}

// Kind says what an outcome obliges us to do.
type Kind uint8

// The kinds of outcomes.
const (
	Accepted      Kind = iota + 1 // the leg's wait begins
	Postponed                     // 429, or nothing was written: later, no attempt used
	Unavailable                   // the provider says "try later": later, same id
	Unknown                       // written, no readable answer
	Refused                       // not this person on this channel: next leg
	Invalid                       // wrong on every channel: failed
	OptedOut                      // suppress
	Misconfigured                 // our fault: pause the lane or the account, keep the messages
)

var kindNames = [...]string{"", "accepted", "postponed", "unavailable", "unknown", "refused", "invalid", "opted_out", "misconfigured"}

func (k Kind) String() string { return kindNames[k] }

// Scope is what a 429 or a wrong configuration concerns.
type Scope uint8

// The scopes.
const (
	LaneScope Scope = iota
	AccountScope
)
