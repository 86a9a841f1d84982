package qlara

import (
	"encoding/json"
	"errors"
	"fmt"
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
	body, err := provider.ReadCallback(r)
	if err != nil {
		return nil, provider.Ack{}, fmt.Errorf("qlara: %w", err)
	}
	switch provider.MediaType(r) {
	case provider.JSONType:
		receipts, err := readJSON(body)
		return receipts, provider.Ack{}, err
	case provider.FormType:
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
	return provider.ReadEach("qlara: callback", items, readCallback)
}

// callback holds the fields of all generations; each callback has some of them.
type callback struct {
	Channel           provider.Word `json:"channel"`
	EventType         provider.Word `json:"eventType"`
	MessageID         provider.Word `json:"messageId"`
	CustomerMessageID provider.Word `json:"customerMessageId"` // ours, where messageId is the platform's
	StatusCode        provider.Word `json:"statusCode"`
	Status            provider.Word `json:"status"` // the older name, a number or a word
	Description       provider.Word `json:"description"`
	StatusDescription provider.Word `json:"statusDescription"` // SMS
	EventDate         provider.Word `json:"eventDate"`
	Timestamp         provider.Word `json:"timestamp"`
	NumPart           provider.Word `json:"numPart"`
	TotalParts        provider.Word `json:"totalParts"`

	Source       provider.Word `json:"source"`
	Destination  provider.Word `json:"destination"`
	ReceivedDate provider.Word `json:"receivedDate"`
	Text         provider.Word `json:"text"`
	MediaKey     provider.Word `json:"mediaKey"`
}

func readCallback(item json.RawMessage) (campaign.Receipt, error) {
	var c callback
	if err := json.Unmarshal(item, &c); err != nil {
		return campaign.Receipt{}, errors.New("it is no object of words and numbers")
	}
	status := provider.FirstWord(c.StatusCode, c.Status)
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
		r.Reason = provider.Reason(provider.FirstWord(c.Description, c.StatusDescription, provider.Word("status "+status)), string(c.Destination))
	}
	var err error
	if r.Part, r.Parts, err = parts(string(c.NumPart), string(c.TotalParts)); err != nil {
		return campaign.Receipt{}, err
	}
	return c.about(r)
}

// about completes a receipt with whose it is, and when.
func (c callback) about(r campaign.Receipt) (campaign.Receipt, error) {
	r.At = moment(c.EventDate, c.Timestamp, c.ReceivedDate)
	r.Channel, _ = campaign.ParseChannel(string(c.Channel)) // an unknown one is not told
	id := provider.FirstWord(c.MessageID, c.CustomerMessageID)
	return provider.About(r, id, string(c.CustomerMessageID), string(c.MessageID))
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

// moment reads the first time that is there, as callbacks write it or as requests do.
func moment(words ...provider.Word) time.Time {
	return provider.Moment(provider.FirstWord(words...), time.RFC3339, "2006-01-02 15:04:05.000-0700")
}
