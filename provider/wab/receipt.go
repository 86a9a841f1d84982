package wab

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Receipts reads a delivery receipt (DLR) or a message of a person (MO), of WhatsApp or
// of SMS. The gateway signs nothing, so there is nothing to check here, and says nothing
// of how it wants to be answered. No error quotes the callback.
func (p *Provider) Receipts(r *http.Request) ([]campaign.Receipt, provider.Ack, error) {
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("wab: %w", err)
	}
	if provider.MediaType(r) != provider.JSONType {
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
	return provider.ReadEach("wab: callback", items, readCallback)
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
	r := campaign.Receipt{Kind: kind}
	switch {
	case !known:
		r.Reason = provider.Reason("status " + string(c.Status))
	case kind > campaign.ReceiptRead:
		r.Reason = provider.Reason(provider.FirstWord(c.Detail, "status "+c.Status))
	}
	return provider.About(r, provider.FirstWord(c.ID, c.MessageID), string(c.Reference))
}
