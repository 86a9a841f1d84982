package infobip

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Receipts reads a callback of any documented kind: delivery and seen reports and
// inbound messages, many in each; a click; a person's stop or resume of marketing; a
// change of a template, which says nothing of a message. What the account's settings
// require of a callback is checked first; one that lacks it is answered 401. Each result
// stands alone: those that can be read come beside the error that names the others. No
// error quotes the callback. One of more than 2000 results is not read: a subscription's
// maxBucketSize says how many it sends, and that is the most.
func (p *Provider) Receipts(r *http.Request) ([]campaign.Receipt, provider.Ack, error) {
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("infobip: %w", err)
	}
	if err := p.authentic(r, body); err != nil {
		return nil, provider.Ack{Status: http.StatusUnauthorized}, fmt.Errorf("infobip: %w", err)
	}
	if provider.MediaType(r) != provider.JSONType {
		return nil, provider.Ack{}, errors.New("infobip: a callback is JSON")
	}
	receipts, err := readJSON(body)
	return receipts, provider.Ack{}, err
}

// callback holds what tells the kinds apart, and what those without results hold.
type callback struct {
	Results []json.RawMessage `json:"results"`

	NotificationType provider.Word `json:"notificationType"` // a click
	MessageID        provider.Word `json:"messageId"`
	SendDateTime     provider.Word `json:"sendDateTime"`

	Content   *marketing    `json:"content"` // a stop or resume of marketing
	CreatedAt provider.Word `json:"createdAt"`

	TemplateName provider.Word `json:"messageTemplateName"` // a change of a template
}

func readJSON(body []byte) ([]campaign.Receipt, error) {
	items, err := provider.Items(body)
	if err != nil {
		return nil, fmt.Errorf("infobip: %w", err)
	}
	var receipts []campaign.Receipt
	var unreadable []error
	for _, item := range items {
		some, err := readCallback(item)
		receipts = append(receipts, some...)
		if err != nil {
			unreadable = append(unreadable, fmt.Errorf("infobip: %w", err))
		}
	}
	return receipts, errors.Join(unreadable...)
}

func readCallback(item json.RawMessage) ([]campaign.Receipt, error) {
	var c callback
	if err := json.Unmarshal(item, &c); err != nil {
		return nil, errors.New("the callback is of no documented shape")
	}
	switch {
	case c.Results != nil:
		return provider.ReadEach("result", c.Results, readResult)
	case c.NotificationType != "":
		return only(c.click())
	case c.Content != nil && c.Content.Status != "":
		return only(c.Content.receipt(c.CreatedAt))
	case c.TemplateName != "":
		return nil, nil
	}
	return nil, errors.New("the callback is of no documented kind")
}

func only(r campaign.Receipt, err error) ([]campaign.Receipt, error) {
	if err != nil {
		return nil, err
	}
	return []campaign.Receipt{r}, nil
}

// news is one result: a delivery report, a seen report or an inbound message. A number
// in it may be missing, and a channel; the messageId is what matters.
type news struct {
	report
	inbound
	MessageID  provider.Word `json:"messageId"`
	Channel    provider.Word `json:"channel"` // of Infobip's own fallback
	SentAt     provider.Word `json:"sentAt"`
	DoneAt     provider.Word `json:"doneAt"`
	SeenAt     provider.Word `json:"seenAt"`
	ReceivedAt provider.Word `json:"receivedAt"`
}

func readResult(item json.RawMessage) (campaign.Receipt, error) {
	var n news
	if err := json.Unmarshal(item, &n); err != nil {
		return campaign.Receipt{}, errors.New("it is of no documented shape")
	}
	switch {
	case n.SeenAt != "":
		return about(n.MessageID, campaign.Receipt{Kind: campaign.ReceiptRead, At: moment(n.SeenAt)})
	case n.ReceivedAt != "":
		return n.inbound.receipt(n.MessageID, n.ReceivedAt)
	case n.Status != nil:
		return n.delivery()
	}
	return campaign.Receipt{}, errors.New("it has neither a status nor a time of seeing or receiving")
}

// delivery reads a status. One over another channel, of the provider's own fallback,
// speaks of the same message, and says which.
func (n news) delivery() (campaign.Receipt, error) {
	v, words, ok := n.verdict()
	if !ok {
		words = n.Status.own("status")
	}
	channel, _ := campaign.ParseChannel(string(n.Channel)) // an unknown one is not told
	return about(n.MessageID, campaign.Receipt{
		Kind:    v.receipt,
		Channel: channel,
		Cause:   v.code().Cause(),
		Reason:  provider.Reason(words),
		At:      moment(provider.Word(provider.FirstWord(n.DoneAt, n.SentAt))),
	})
}

// click is a tap on a shortened address of ours: who taps has read. Its time is in
// milliseconds; that it is the tap's own, and not the sending's, is assumed.
func (c callback) click() (campaign.Receipt, error) {
	if c.NotificationType != "CLICKED" {
		return about(c.MessageID, campaign.Receipt{Reason: provider.Reason("notification " + string(c.NotificationType))})
	}
	return about(c.MessageID, campaign.Receipt{Kind: campaign.ReceiptRead, At: provider.UnixMilli(string(c.SendDateTime))})
}

// about completes a receipt with whose it is.
func about(id provider.Word, r campaign.Receipt) (campaign.Receipt, error) {
	return provider.About(r, string(id), string(id))
}

// moment reads a time in Infobip's form, whose zone has no colon, or in RFC 3339.
func moment(s provider.Word) time.Time {
	return provider.Moment(string(s), "2006-01-02T15:04:05-0700", time.RFC3339)
}
