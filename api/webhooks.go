package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Inbox passes what people write on to receivers outside.
type Inbox interface {
	// PassOn keeps it until its receiver was told. It may be asked twice for the same.
	PassOn(ctx context.Context, r campaign.Receipt, stop bool) error
}

// Webhooks is what is asked of the post to receivers outside.
type Webhooks interface {
	Webhooks(ctx context.Context) ([]Webhook, error)
	// Redeliver has a receiver be sent again what waits for it, also one that was gone or is
	// held, and says how much that is. With a campaign's id it is first told again what
	// closed there since a time.
	Redeliver(ctx context.Context, name, campaign string, since time.Time) (waiting int, err error)
}

// Webhook is how a receiver outside stands.
type Webhook struct {
	Name  string       `json:"webhook"`
	Host  string       `json:"host"` // of its address; what else there is of it may be secret
	State WebhookState `json:"state"`
	Error string       `json:"error,omitempty"` // failing, gone: what it said last, or why nothing could be said to it
	Since *time.Time   `json:"since,omitempty"` // failing, gone
	Until *time.Time   `json:"until,omitempty"` // it is left alone at least until then
	WebhookCounts
}

// WebhookCounts is what became of what was to be told, and how much waits.
type WebhookCounts struct {
	Waiting   int `json:"waiting"`
	Delivered int `json:"delivered"`
	GivenUp   int `json:"given_up"` // the receiver did not take it within a day
	Dropped   int `json:"dropped"`  // the person was erased, or the message forgotten, before it was told
}

// WebhookState is whether a receiver takes what it is sent.
type WebhookState string

// The states of a receiver.
const (
	WebhookWell    WebhookState = "well"
	WebhookFailing WebhookState = "failing"
	WebhookGone    WebhookState = "gone" // it answered 410: it is sent nothing until it is redelivered to
)

// CampaignWebhook is who is told of a campaign, and what became of that.
type CampaignWebhook struct {
	To string `json:"to"`
	WebhookCounts
}

// WebhookList is the answer that lists the receivers.
type WebhookList struct {
	Webhooks []Webhook `json:"webhooks"`
}

// RedeliverOrder says what a receiver is to be sent again. It may be left out.
type RedeliverOrder struct {
	Campaign string    `json:"campaign,omitempty"` // also tell it again what closed there
	Since    time.Time `json:"since,omitzero"`     // of that: since then; absent: ever
	Reason   string    `json:"reason,omitempty"`   // why, for those who read it later
}

// RedeliverAnswer says how much is on its way now.
type RedeliverAnswer struct {
	Waiting int `json:"waiting"`
}

func (s *Server) listWebhooks(w http.ResponseWriter, r *http.Request, _ Caller) error {
	list, err := s.listed(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, WebhookList{append([]Webhook{}, list...)})
}

func (s *Server) listed(ctx context.Context) ([]Webhook, error) {
	if s.webhooks == nil {
		return nil, nil
	}
	return s.webhooks.Webhooks(ctx)
}

// redeliver has a receiver be sent again what it did not take.
func (s *Server) redeliver(w http.ResponseWriter, r *http.Request, by Caller) error {
	var o RedeliverOrder
	if err := decode(r, &o, `{"campaign": "…", "since": "2026-12-01T09:00:00Z", "reason": "…"}`); err != nil {
		return err
	}
	by.because(o.Reason)
	name := r.PathValue("webhook")
	list, err := s.listed(r.Context())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(h Webhook) bool { return h.Name == name }) {
		return notFound.because("there is no such receiver: GET /v1/webhooks lists them")
	}
	untimed(w)
	waiting, err := s.webhooks.Redeliver(r.Context(), name, o.Campaign, o.Since)
	if err != nil {
		return err
	}
	by.touched(waiting)
	return reply(w, http.StatusOK, RedeliverAnswer{waiting})
}
