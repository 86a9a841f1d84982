package qlara

import (
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
	from, err := provider.Person(string(c.Source))
	if err != nil {
		return campaign.Receipt{}, fmt.Errorf("its source: %w", err)
	}
	channel, _ := campaign.ParseChannel(string(c.Channel)) // an unknown one is not told
	r := campaign.Receipt{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Channel:    channel,
		Text:       provider.Text(string(c.Text)),
		At:         moment(c.ReceivedDate, c.EventDate, c.Timestamp),
		ProviderID: provider.ID(string(c.MessageID)),
	}
	if r.ProviderID == "" {
		r.ProviderID = provider.InboundID(string(c.Channel), string(c.Source), string(c.Destination), string(c.ReceivedDate), string(c.MediaKey), string(c.Text))
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
	from, err := provider.Person(originator)
	if err != nil {
		return nil, fmt.Errorf("qlara: the callback's originator: %w", err)
	}
	if !form.Has("text") {
		return nil, errors.New("qlara: the callback's form has no text")
	}
	return []campaign.Receipt{{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Channel:    campaign.SMS,
		Text:       provider.Text(form.Get("text")),
		ProviderID: provider.InboundID("sms", originator, form.Get("destination"), form.Get("date_time"), form.Get("text")),
	}}, nil
}
