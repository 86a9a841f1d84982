package wab

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Receipts reads a delivery receipt (DLR) or a message of a person (MO), of WhatsApp or
// of SMS. The gateway signs nothing, so there is nothing to check here, and says nothing
// of how it wants to be answered. No error quotes the callback.
func (p *Provider) Receipts(r *http.Request) ([]campaign.Receipt, provider.Ack, error) {
	if r.Method != http.MethodPost {
		return nil, provider.Ack{}, errors.New("wab: a callback is a POST")
	}
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("wab: %w", err)
	}
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType != "application/json" && mediaType != "" {
		return nil, provider.Ack{}, errors.New("wab: a callback is JSON")
	}
	receipts, err := read(body)
	return receipts, provider.Ack{}, err
}

// read takes one callback, or a list of them, of which each stands alone.
func read(body []byte) ([]campaign.Receipt, error) {
	items, err := provider.Items(body)
	if err != nil {
		return nil, fmt.Errorf("wab: %w", err)
	}
	receipts := make([]campaign.Receipt, 0, len(items))
	var unreadable []error
	for i, item := range items {
		receipt, err := readCallback(item)
		if err != nil {
			unreadable = append(unreadable, fmt.Errorf("wab: callback %d: %w", i+1, err))
			continue
		}
		receipts = append(receipts, receipt)
	}
	return receipts, errors.Join(unreadable...)
}

// callback holds the fields of both kinds. encoding/json reads names without regard to
// case, and must: the documented MO has a "Destination".
type callback struct {
	ID        provider.Word `json:"id"`         // a UUID; of SMS a whole number
	MessageID provider.Word `json:"message_id"` // the SMS API's name for it, in some versions
	Status    provider.Word `json:"status"`
	Reference provider.Word `json:"reference"`
	Detail    provider.Word `json:"detail"` // SMS

	Source   provider.Word   `json:"source"`
	Content  json.RawMessage `json:"content"`
	Encoding provider.Word   `json:"encoding"` // base64 where the content is binary
}

func readCallback(item json.RawMessage) (campaign.Receipt, error) {
	var c callback
	if err := json.Unmarshal(item, &c); err != nil {
		return campaign.Receipt{}, errors.New("it is no object of words and numbers")
	}
	switch {
	case c.Status != "":
		return c.delivery()
	case c.Source != "":
		return c.inbound()
	}
	return campaign.Receipt{}, errors.New("it has neither a status nor a source")
}

// statuses are the gateway's words. The first four are documented for WhatsApp, the
// others known from a client of the SMS API. What frozen means is assumed: a state that
// passes, in which the gateway has the message. So it proves that, and no more.
var statuses = map[string]campaign.ReceiptKind{
	"sent":      campaign.ReceiptSent,
	"received":  campaign.ReceiptDelivered,
	"rejected":  campaign.ReceiptRejected,
	"expired":   campaign.ReceiptExpired,
	"submitted": campaign.ReceiptAccepted,
	"frozen":    campaign.ReceiptAccepted,
	"failed":    campaign.ReceiptUndeliverable,
	"dead":      campaign.ReceiptRejected,
}

// delivery reads what became of a message. It bears no time.
func (c callback) delivery() (campaign.Receipt, error) {
	kind, known := statuses[strings.ToLower(string(c.Status))]
	r := campaign.Receipt{Kind: kind, ProviderID: provider.ID(provider.FirstWord(c.ID, c.MessageID))}
	switch {
	case !known:
		r.Reason = provider.Reason("status " + string(c.Status))
	case kind > campaign.ReceiptRead:
		r.Reason = provider.Reason(provider.FirstWord(c.Detail, "status "+c.Status))
	}
	if id, err := campaign.ParseAttemptID(string(c.Reference)); err == nil {
		r.Attempt = id
		return r, nil
	}
	if r.ProviderID == "" {
		return campaign.Receipt{}, errors.New("it has no id")
	}
	return r, nil
}
