package qlara

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// inboundAck is how Qlara wants an inbound SMS answered (documented); anything else
// makes it repeat the callback.
var inboundAck = provider.Ack{ContentType: "text/plain", Body: "+OK"}

// inbound reads what a person wrote on WhatsApp or RCS. The messageId is that of the
// person's message, never of ours. Media has none, and its text is empty.
func (c callback) inbound() (campaign.Receipt, error) {
	from, err := person(string(c.Source))
	if err != nil {
		return campaign.Receipt{}, fmt.Errorf("its source: %w", err)
	}
	r := campaign.Receipt{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Text:       provider.Text(string(c.Text)),
		At:         moment(first(c.ReceivedDate, c.EventDate, c.Timestamp)),
		ProviderID: provider.ID(string(c.MessageID)),
	}
	if r.ProviderID == "" {
		r.ProviderID = digest(string(c.Channel), string(c.Source), string(c.Destination), string(c.ReceivedDate), string(c.MediaKey), string(c.Text))
	}
	return r, nil
}

// readForm reads an inbound SMS. Its date_time has no zone, documented or written, so
// the receipt has no time.
func readForm(body []byte) ([]campaign.Receipt, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errors.New("qlara: the callback's form cannot be read")
	}
	originator := form.Get("originator")
	if number, unescaped := strings.CutPrefix(originator, " "); unescaped {
		originator = "+" + number // a plus that was not escaped reads as a space
	}
	from, err := person(originator)
	if err != nil {
		return nil, fmt.Errorf("qlara: the callback's originator: %w", err)
	}
	if !form.Has("text") {
		return nil, errors.New("qlara: the callback's form has no text")
	}
	return []campaign.Receipt{{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Text:       provider.Text(form.Get("text")),
		ProviderID: digest("sms", originator, form.Get("destination"), form.Get("date_time"), form.Get("text")),
	}}, nil
}

// person reads a number as recipients' numbers are read, so that who writes is found
// among them. Qlara documents a plus; a number without one is not guessed at.
func person(number string) (campaign.Destination, error) {
	to, err := campaign.ParseDestination(number, "")
	if err != nil {
		return "", errors.New("no number in international form with a plus") // err shows an example number
	}
	return to, nil
}

// digest stands for an id that the provider does not give, so that a repeated callback
// is known again.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return "inbound-" + hex.EncodeToString(h.Sum(nil)[:16])
}
