package main

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/webhook"
)

// mailbox is the couriers' way to the outboxes: what lies there is written out when it is
// taken, in the API's words.
type mailbox struct{ house *house }

// newPost builds the post to the configured receivers.
func (h *house) newPost() *webhook.Post {
	return webhook.New(webhook.Options{Boxes: mailbox{h}, Receivers: h.config.Webhooks, Log: h.log})
}

// webhookOf is who is told of a campaign; nil: nobody whom the configuration knows.
func (h *house) webhookOf(c *campaign.Campaign) *campaign.Webhook {
	w := h.config.WebhookOf(c)
	if w == nil || h.config.CheckWebhook(w.To) != nil {
		return nil
	}
	return w
}

func (m mailbox) Due(ctx context.Context) ([]webhook.Box, time.Duration, error) {
	list, next, err := m.house.store.Outboxes(ctx)
	boxes := make([]webhook.Box, len(list))
	for i, o := range list {
		boxes[i] = webhook.Box{Name: o.Name(), Receiver: o.Receiver}
		if o.Campaign == nil {
			continue
		}
		if w := m.house.config.WebhookOf(&o.Campaign.Campaign); w != nil {
			boxes[i].Receiver = w.To
		}
	}
	return boxes, next, err
}

func (m mailbox) Take(ctx context.Context, b webhook.Box, n int, keep time.Duration) ([]webhook.Letter, error) {
	o, err := m.house.store.Outbox(ctx, b.Name)
	if err != nil {
		return nil, err
	}
	list, err := m.house.store.TakeNews(ctx, o, n, keep)
	if err != nil {
		return nil, err
	}
	codes, letters := m.house.codes(), make([]webhook.Letter, len(list))
	for i := range list {
		t := &list[i]
		l := webhook.Letter{Key: t.Key, Written: t.Since}
		if o.Campaign == nil {
			l.ID, l.Body, err = m.inbound(ctx, t.Inbound)
		} else {
			l.ID, l.Body, err = m.message(&o.Campaign.Campaign, t, codes)
		}
		if err != nil {
			return nil, err
		}
		letters[i] = l
	}
	return letters, nil
}

// message writes news of a message out; nothing, if nobody is to be told of it any more.
func (m mailbox) message(c *campaign.Campaign, t *store.Told, codes api.Codes) (id string, body []byte, err error) {
	if t.Record.Stamp == 0 || t.Record.State.Marks.Has(fallback.Erased) {
		return "", nil, nil
	}
	w := m.house.config.WebhookOf(c)
	body, err = inJSON(api.NewMessageEvent(c, &t.Record, t.News, w != nil && w.Number, codes))
	return t.News.ID(), body, err
}

// inbound writes out what a person wrote, with the message that it may be about.
func (m mailbox) inbound(ctx context.Context, in *store.Inbound) (id string, body []byte, err error) {
	if in == nil {
		return "", nil, nil
	}
	var c *campaign.Campaign
	var about *fallback.Record
	if in.Message != nil {
		records, err := m.house.store.Load(ctx, []campaign.MessageID{*in.Message})
		if err != nil {
			return "", nil, err
		}
		if r := &records[0]; r.Stamp != 0 {
			if c, err = m.house.store.Campaign(ctx, r.ID.Number()); err != nil {
				return "", nil, err
			}
			about = r
		}
	}
	r := campaign.Receipt{Account: in.Account, Channel: in.Channel, From: in.From, Text: in.Text}
	body, err = inJSON(api.NewInboundEvent(r, in.Received, in.Stop, c, about))
	return "inbound_" + in.ID, body, err
}

func inJSON(event any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(event)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// counted is what each fate counts as.
var counted = map[webhook.Fate]store.NewsCount{
	webhook.Delivered: store.NewsDelivered, webhook.GivenUp: store.NewsGivenUp, webhook.Dropped: store.NewsDropped,
}

func (m mailbox) Settle(ctx context.Context, b webhook.Box, list []webhook.Outcome) error {
	o, err := m.house.store.Outbox(ctx, b.Name)
	if err != nil {
		return err
	}
	settled := make([]store.Settled, len(list))
	for i, l := range list {
		settled[i] = store.Settled{Key: l.Key, Count: counted[l.Fate], Again: l.Again}
	}
	return m.house.store.SettleNews(ctx, o, settled)
}

func (m mailbox) Rest(ctx context.Context, b webhook.Box, until time.Time) error {
	o, err := m.house.store.Outbox(ctx, b.Name)
	if err != nil {
		return err
	}
	return m.house.store.RestOutbox(ctx, o, until)
}

func (m mailbox) State(ctx context.Context, receiver string) (webhook.State, error) {
	all, err := m.house.store.OutsideOf(ctx, receiver)
	return webhook.State(all[receiver]), err
}

func (m mailbox) Note(ctx context.Context, receiver string, s webhook.State) error {
	return m.house.store.NoteOutside(ctx, receiver, store.Outside(s))
}
