package wab

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// inbound reads what a person wrote.
func (c callback) inbound() (campaign.Receipt, error) {
	from, err := provider.Person(string(c.Source))
	if err != nil {
		return campaign.Receipt{}, fmt.Errorf("its source: %w", err)
	}
	r := campaign.Receipt{Kind: campaign.ReceiptInbound, From: from, ProviderID: provider.ID(string(c.ID))}
	if r.ProviderID == "" {
		r.ProviderID = provider.InboundID(string(c.Source), string(c.Content))
	}
	if c.Encoding != "" {
		return r, nil // binary, no words
	}
	said, isMeta := c.message()
	if r.Channel = campaign.SMS; isMeta {
		r.Channel = campaign.WhatsApp
	}
	r.Text = provider.Text(provider.FirstWord(said.words()...))
	r.At = provider.UnixTime(string(said.Timestamp))
	return r, nil
}

// message is what the gateway hands on of Meta's: the text is documented, what was
// pressed is Meta's form of it.
type message struct {
	Timestamp provider.Word `json:"timestamp"` // seconds since 1970
	Text      struct {
		Body provider.Word `json:"body"`
	} `json:"text"`
	Button struct {
		Text provider.Word `json:"text"`
	} `json:"button"`
	Interactive struct {
		ButtonReply title `json:"button_reply"`
		ListReply   title `json:"list_reply"`
	} `json:"interactive"`
}

type title struct {
	Title provider.Word `json:"title"`
}

func (m message) words() []provider.Word {
	return []provider.Word{m.Text.Body, m.Button.Text, m.Interactive.ButtonReply.Title, m.Interactive.ListReply.Title}
}

// message reads the content: Meta's message, as an object or as a string that holds
// one, or, of an SMS, the text itself.
func (c callback) message() (m message, isMeta bool) {
	content := []byte(c.Content)
	var said string
	if json.Unmarshal(content, &said) == nil {
		content = []byte(said)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) || !json.Valid(content) {
		m.Text.Body = provider.Word(said)
		return m, false
	}
	_ = json.Unmarshal(content, &m) // a field of the wrong type says nothing
	return m, true
}
