package api

import (
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// The types of what receivers outside are posted.
const (
	eventMessage = "message." // and the kind of news: closed, escalated, late
	eventInbound = "message.inbound"
)

// MessageEvent tells a receiver outside news of a message.
type MessageEvent struct {
	Type string      `json:"type"`      // message.closed, message.escalated or message.late
	At   time.Time   `json:"timestamp"` // when it happened
	Data MessageNews `json:"data"`
}

// MessageNews is the message as the news left it, with what became known of its attempts
// until it was sent. Its destination is there only where the campaign asks for the number.
type MessageNews struct {
	Line
	Destination string    `json:"destination,omitempty"`
	Key         string    `json:"key,omitempty"`  // the row's own
	Row         uint32    `json:"line,omitempty"` // of the file that it came from
	Scheduled   time.Time `json:"scheduled_at"`
	Left        *EventLeg `json:"from,omitempty"` // escalated: the leg that ended without success
	Next        *EventLeg `json:"to,omitempty"`   // escalated: the one that comes now
}

// EventLeg is a leg of a route.
type EventLeg struct {
	Channel campaign.Channel `json:"channel"`
	Account string           `json:"account"`
}

// InboundEvent tells a receiver outside what a person wrote.
type InboundEvent struct {
	Type string    `json:"type"`      // message.inbound
	At   time.Time `json:"timestamp"` // when it came
	Data Written   `json:"data"`
}

// Written is what a person wrote. Who that is, the message tells that was last sent to them
// over the account; the number is there only where it is asked for.
type Written struct {
	Account  string              `json:"account"`
	Channel  campaign.Channel    `json:"channel,omitzero"`
	From     string              `json:"from,omitempty"`
	Text     string              `json:"text"` // "": it was no text, as a picture
	Stop     bool                `json:"stop"` // they want nothing more, and get nothing more
	Campaign string              `json:"campaign,omitempty"`
	Message  *campaign.MessageID `json:"message,omitempty"`
	Key      string              `json:"key,omitempty"` // the message's row's own
}

// NewMessageEvent tells news of a record. The codes explain the reasons; they may be nil.
func NewMessageEvent(c *campaign.Campaign, r *fallback.Record, n fallback.News, number bool, codes Codes) MessageEvent {
	was := asOf(*r, n)
	data := MessageNews{Line: NewLine(c, &was, false, codes), Key: r.Key, Row: r.Row.Line, Scheduled: r.Time}
	if number {
		data.Destination = r.To.E164()
	}
	if n.Kind == fallback.NewsEscalated {
		data.Left, data.Next = legOf(c, n.Leg), legOf(c, n.Next)
	}
	return MessageEvent{Type: eventMessage + n.Kind.String(), At: n.At, Data: data}
}

// asOf is the record as the news left it: it may have been closed or retried since.
func asOf(r fallback.Record, n fallback.News) fallback.Record {
	r.State.Phase, r.State.Leg, r.State.Try = n.Phase, n.Leg, n.Try
	r.History = slices.DeleteFunc(slices.Clone(r.History), func(a fallback.Attempt) bool { return a.Try > n.Try })
	switch n.Kind {
	case fallback.NewsClosed:
		r.Closed = n.At
	case fallback.NewsEscalated:
		r.State.Leg, r.Closed = n.Next, time.Time{}
	}
	return r
}

func legOf(c *campaign.Campaign, leg uint8) *EventLeg {
	return &EventLeg{c.Route[leg].Channel, c.Route[leg].Account}
}

// NewInboundEvent tells what a person wrote, and of the message that was last sent to them;
// nil: none is known.
func NewInboundEvent(r campaign.Receipt, at time.Time, stop bool, c *campaign.Campaign, about *fallback.Record) InboundEvent {
	data := Written{Account: r.Account, Channel: r.Channel, From: r.From.E164(), Text: r.Text, Stop: stop}
	if about != nil {
		data.Campaign, data.Message, data.Key = c.ID, &about.ID, about.Key
	}
	return InboundEvent{Type: eventInbound, At: at, Data: data}
}
