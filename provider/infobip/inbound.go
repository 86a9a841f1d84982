package infobip

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// inbound is what a person sent: over SMS a text, over WhatsApp and RCS a message of
// some type.
type inbound struct {
	From    provider.Word `json:"from"`   // WhatsApp, SMS
	Sender  provider.Word `json:"sender"` // RCS
	Contact struct {
		PhoneNumber provider.Word `json:"phoneNumber"` // WhatsApp, where from is no number
	} `json:"contact"`

	Text            provider.Word `json:"text"`
	Message         *content      `json:"message"`
	PairedMessageID provider.Word `json:"pairedMessageId"` // RCS: ours, which this answers
}

type content struct {
	Type         provider.Word `json:"type"`
	Text         provider.Word `json:"text"`
	Title        provider.Word `json:"title"`        // of a tapped button or item of a list
	PostbackData provider.Word `json:"postbackData"` // of a tapped suggestion: what we gave it
}

// receipt is what the person wrote; of media the text is empty. A tap on a button that
// opens an address is no writing: it proves that our message was read.
func (in inbound) receipt(id, receivedAt provider.Word) (campaign.Receipt, error) {
	if in.opensAddress() {
		return about(in.PairedMessageID, campaign.Receipt{Kind: campaign.ReceiptRead, At: moment(receivedAt)})
	}
	from, err := person(in.From, in.Sender, in.Contact.PhoneNumber)
	if err != nil {
		return campaign.Receipt{}, err
	}
	r := campaign.Receipt{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Channel:    in.channel(),
		Text:       provider.Text(in.words()),
		At:         moment(receivedAt),
		ProviderID: provider.ID(string(id)),
	}
	if r.ProviderID == "" {
		r.ProviderID = provider.InboundID(from.E164(), string(receivedAt), r.Text)
	}
	return r, nil
}

// channel: RCS names a sender, where the others have a from, and an SMS has no message.
func (in inbound) channel() campaign.Channel {
	switch {
	case in.From == "" && in.Sender != "":
		return campaign.RCS
	case in.Message != nil:
		return campaign.WhatsApp
	}
	return campaign.SMS
}

func (in inbound) opensAddress() bool {
	if in.Message == nil || in.Message.Type != "SUGGESTION" || in.PairedMessageID == "" {
		return false
	}
	data := string(in.Message.PostbackData)
	return strings.HasPrefix(data, "https://") || strings.HasPrefix(data, "http://")
}

// words are the person's. What a tapped button posts back counts where that asks to
// stop, for the campaign gave it that meaning, and not its label.
func (in inbound) words() string {
	if in.Message == nil {
		return string(in.Text)
	}
	if stop := string(in.Message.PostbackData); campaign.IsStop(stop) {
		return stop
	}
	return provider.FirstWord(in.Message.Text, in.Message.Title)
}

// person reads the first that is a number: Infobip writes them without the plus, and
// puts Meta's id of a user in the place of a number that it does not know.
func person(numbers ...provider.Word) (campaign.Destination, error) {
	for _, n := range numbers {
		if to, err := provider.Person("+" + strings.TrimPrefix(string(n), "+")); err == nil {
			return to, nil
		}
	}
	return "", errors.New("its sender has no number in international form")
}

// marketing is a person's switch of WhatsApp's marketing messages: stop or resume.
type marketing struct {
	From   provider.Word `json:"from"`
	Status provider.Word `json:"notificationMessagesStatus"`
}

// receipt takes the switch as if the person had written its word: stop asks for what
// stop asks for. It is no message, and so opens no window: over which channel it came is
// left out.
func (m marketing) receipt(createdAt provider.Word) (campaign.Receipt, error) {
	from, err := person(m.From)
	if err != nil {
		return campaign.Receipt{}, fmt.Errorf("the marketing update: %w", err)
	}
	return campaign.Receipt{
		Kind:       campaign.ReceiptInbound,
		From:       from,
		Text:       provider.Text(string(m.Status)),
		At:         moment(createdAt),
		ProviderID: provider.InboundID("marketing", from.E164(), string(m.Status), string(createdAt)),
	}, nil
}
