package client

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Webhook is how a receiver outside stands.
type Webhook struct {
	Name  string     `json:"webhook"`
	Host  string     `json:"host"`
	State string     `json:"state"`           // well, failing or gone
	Error string     `json:"error,omitempty"` // failing, gone: what it said last, or why nothing could be said to it
	Since *time.Time `json:"since,omitempty"` // failing, gone
	Until *time.Time `json:"until,omitempty"` // it is left alone at least until then
	WebhookCounts
}

// WebhookCounts is what became of what was to be told, and how much waits.
type WebhookCounts struct {
	Waiting   int `json:"waiting"`
	Delivered int `json:"delivered"`
	GivenUp   int `json:"given_up"` // not taken within a day
	Dropped   int `json:"dropped"`  // the person was erased, or the message forgotten, before it was told
}

// CampaignWebhook is who is told of a campaign, and what became of that.
type CampaignWebhook struct {
	To string `json:"to"`
	WebhookCounts
}

// RedeliverOrder says what a receiver is to be sent again.
type RedeliverOrder struct {
	Campaign string    `json:"campaign,omitempty"` // also tell it again what closed there
	Since    time.Time `json:"since,omitzero"`     // of that: since then; zero: ever
	Reason   string    `json:"reason,omitempty"`   // why, for the journal
}

// MessageNews is a message as an event tells it.
type MessageNews struct {
	Line
	Destination string    `json:"destination,omitempty"` // only where the campaign asks for the number
	Key         string    `json:"key,omitempty"`         // the row's own
	Row         uint32    `json:"line,omitempty"`        // of the file that it came from
	Scheduled   time.Time `json:"scheduled_at"`
	Left        *EventLeg `json:"from,omitempty"` // escalated: the leg that ended without success
	Next        *EventLeg `json:"to,omitempty"`   // escalated: the one that comes now
}

// EventLeg is a leg of a route.
type EventLeg struct {
	Channel campaign.Channel `json:"channel"`
	Account string           `json:"account"`
}

// Written is what a person wrote. The message is the last that was sent to them.
type Written struct {
	Account  string              `json:"account"`
	Channel  campaign.Channel    `json:"channel,omitzero"`
	From     string              `json:"from,omitempty"` // only where the number is asked for
	Text     string              `json:"text"`           // "": it was no text, as a picture
	Stop     bool                `json:"stop"`           // they want nothing more, and get nothing more
	Campaign string              `json:"campaign,omitempty"`
	Message  *campaign.MessageID `json:"message,omitempty"`
	Key      string              `json:"key,omitempty"`
}

type webhookList struct {
	Webhooks []Webhook `json:"webhooks"`
}

// Webhooks lists the receivers outside, how each stands, and how much waits for it.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	list, err := ask[webhookList](ctx, c, get("v1", "webhooks"))
	return list.Webhooks, err
}

// Redeliver sends a receiver at once what waits for it, also one that is gone or left alone
// for a while, and says how much that is.
func (c *Client) Redeliver(ctx context.Context, webhook string, o RedeliverOrder) (Redelivered, error) {
	what, err := postJSON(o, "v1", "webhooks", webhook, "redeliver")
	if err != nil {
		return Redelivered{}, err
	}
	return ask[Redelivered](ctx, c, what)
}

// Redelivered says how much is on its way.
type Redelivered struct {
	Waiting int `json:"waiting"`
}
