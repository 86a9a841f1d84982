package qlara

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Receipts reads a callback of any documented generation: one JSON object or a list of
// them, or the form of an inbound SMS. Qlara signs nothing, so there is nothing to
// check here. Of a list, what can be read is returned beside the error that names
// what cannot. No error quotes the callback.
func (p *Provider) Receipts(r *http.Request) ([]campaign.Receipt, provider.Ack, error) {
	if r.Method != http.MethodPost {
		return nil, provider.Ack{}, errors.New("qlara: a callback is a POST")
	}
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("qlara: %w", err)
	}
	switch mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType {
	case "application/json", "": // some senders name no type
		receipts, err := readJSON(body)
		return receipts, provider.Ack{}, err
	case "application/x-www-form-urlencoded":
		receipts, err := readForm(body)
		return receipts, inboundAck, err
	}
	return nil, provider.Ack{}, errors.New("qlara: a callback is JSON or a form")
}

func readJSON(body []byte) ([]campaign.Receipt, error) {
	items, err := provider.Items(body)
	if err != nil {
		return nil, fmt.Errorf("qlara: %w", err)
	}
	receipts := make([]campaign.Receipt, 0, len(items))
	var unreadable []error
	for i, item := range items {
		receipt, err := readCallback(item)
		if err != nil {
			unreadable = append(unreadable, fmt.Errorf("qlara: callback %d: %w", i+1, err))
			continue
		}
		receipts = append(receipts, receipt)
	}
	return receipts, errors.Join(unreadable...)
}

// callback holds the fields of all generations; each callback has some of them.
type callback struct {
	Channel           loose `json:"channel"`
	EventType         loose `json:"eventType"`
	MessageID         loose `json:"messageId"`
	CustomerMessageID loose `json:"customerMessageId"` // ours, where messageId is the platform's
	StatusCode        loose `json:"statusCode"`
	Status            loose `json:"status"` // the older name, a number or a word
	Description       loose `json:"description"`
	StatusDescription loose `json:"statusDescription"` // SMS
	EventDate         loose `json:"eventDate"`
	Timestamp         loose `json:"timestamp"`
	NumPart           loose `json:"numPart"`
	TotalParts        loose `json:"totalParts"`

	Source       loose `json:"source"`
	Destination  loose `json:"destination"`
	ReceivedDate loose `json:"receivedDate"`
	Text         loose `json:"text"`
	MediaKey     loose `json:"mediaKey"`
}

// loose is a string, or a number or bool as it was written: the generations differ.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '"':
		return json.Unmarshal(b, (*string)(l))
	case '{', '[':
		return errors.New("a list or object where a word belongs")
	case 'n': // null
		return nil
	}
	*l = loose(b)
	return nil
}

func readCallback(item json.RawMessage) (campaign.Receipt, error) {
	var c callback
	if err := json.Unmarshal(item, &c); err != nil {
		return campaign.Receipt{}, errors.New("it is no object of words and numbers")
	}
	status := first(c.StatusCode, c.Status)
	event := strings.ToUpper(string(c.EventType))
	if event == "" && status != "" {
		event = "DELIVERY"
	}
	switch event {
	case "":
		return campaign.Receipt{}, errors.New("it has neither an eventType nor a status")
	case "INBOUND":
		return c.inbound()
	case "DELIVERY":
		return c.delivery(status)
	case "READ":
		return c.about(campaign.Receipt{Kind: campaign.ReceiptRead})
	}
	return c.about(campaign.Receipt{Reason: provider.Reason(event)})
}

// statuses are Qlara's words: 3 and 6 of the present generation and of the older, the
// words of the quick start. No code says why a message is undeliverable.
var statuses = map[string]campaign.ReceiptKind{
	"3":         campaign.ReceiptDelivered,
	"6":         campaign.ReceiptUndeliverable,
	"SENT":      campaign.ReceiptSent,
	"DELIVERED": campaign.ReceiptDelivered,
	"ERROR":     campaign.ReceiptUndeliverable,
	"EXPIRED":   campaign.ReceiptExpired,
}

func (c callback) delivery(status string) (campaign.Receipt, error) {
	kind, known := statuses[strings.ToUpper(status)]
	r := campaign.Receipt{Kind: kind}
	switch {
	case !known:
		r.Reason = provider.Reason("status " + status)
	case kind == campaign.ReceiptUndeliverable, kind == campaign.ReceiptExpired:
		r.Reason = provider.Reason(first(c.Description, c.StatusDescription, loose("status "+status)), string(c.Destination))
	}
	var err error
	if r.Part, r.Parts, err = parts(string(c.NumPart), string(c.TotalParts)); err != nil {
		return campaign.Receipt{}, err
	}
	return c.about(r)
}

// about completes a receipt with whose it is, and when.
func (c callback) about(r campaign.Receipt) (campaign.Receipt, error) {
	r.At = moment(first(c.EventDate, c.Timestamp, c.ReceivedDate))
	r.ProviderID = provider.ID(first(c.MessageID, c.CustomerMessageID))
	if id, err := campaign.ParseAttemptID(string(c.CustomerMessageID)); err == nil {
		r.Attempt = id
		return r, nil
	}
	if id, err := campaign.ParseAttemptID(string(c.MessageID)); err == nil {
		r.Attempt, r.ProviderID = id, ""
		return r, nil
	}
	if r.ProviderID == "" {
		return campaign.Receipt{}, errors.New("it has no messageId")
	}
	return r, nil
}

// parts reads "1" of "3". One of one is the whole message, and so is none of none.
func parts(part, total string) (int, int, error) {
	if part == "" || part == "1" && total == "1" || part == "0" && total == "0" {
		return 0, 0, nil
	}
	const most = 255 // the header that numbers the parts of an SMS has a byte for it
	n, err := strconv.Atoi(part)
	of, err2 := strconv.Atoi(total)
	if err != nil || err2 != nil || n < 1 || of < n || of > most {
		return 0, 0, errors.New("numPart and totalParts do not fit together")
	}
	return n, of, nil
}

// moment reads a time; one that cannot be read is no reason to lose a receipt.
func moment(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05.000-0700"} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

func first(words ...loose) string {
	for _, w := range words {
		if w != "" {
			return string(w)
		}
	}
	return ""
}
