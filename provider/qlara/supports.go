package qlara

import (
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled.
func (p *Provider) Supports(leg campaign.Leg) []string {
	var wrong []string
	if p.lacks(leg.Channel) {
		wrong = append(wrong, fmt.Sprintf("the account has no %s: add its block to the configuration", leg.Channel))
	}
	c := leg.Content
	switch {
	case c.Template != nil:
		return append(wrong, templateProblems(leg.Channel, *c.Template)...)
	case leg.Channel == campaign.SMS:
		return append(wrong, smsProblems(c)...)
	case leg.Channel == campaign.RCS:
		return append(wrong, rcsProblems(c)...)
	}
	return append(wrong, whatsappProblems(c)...)
}

func templateProblems(channel campaign.Channel, t campaign.Template) []string {
	if channel == campaign.SMS {
		return []string{"sms has no templates at Qlara: give the leg a text"}
	}
	var wrong []string
	if t.ID < 1 {
		wrong = append(wrong, "Qlara knows a template by its number: give template.id")
	}
	if t.Name != "" || t.Language != "" {
		wrong = append(wrong, "Qlara knows a template by its number only: remove template.name and template.language")
	}
	if len(t.Parameters) > 0 {
		wrong = append(wrong, "Qlara's templates take placeholders by name: remove template.parameters")
	}
	if t.MediaURL != "" && channel != campaign.WhatsApp {
		wrong = append(wrong, "only a whatsapp template takes a media_url")
	}
	return wrong
}

func smsProblems(c campaign.Content) []string {
	var wrong []string
	if !onlyText(c) || c.Text == "" {
		wrong = append(wrong, "an sms is a text and nothing else: give the leg a text")
	}
	if len(c.Suggestions) > 0 {
		wrong = append(wrong, "an sms has no suggestions")
	}
	return wrong
}

func rcsProblems(c campaign.Content) []string {
	if !onlyText(c) || c.Text == "" {
		return []string{"an rcs message at Qlara is a template or a text; cards and media are sent as templates"}
	}
	var wrong []string
	for i, s := range c.Suggestions {
		if s.Type != "url" && s.Type != "dial" {
			wrong = append(wrong, fmt.Sprintf("suggestion %d: type %q cannot be sent through Qlara: use url or dial", i+1, s.Type))
		}
		if s.Text == "" || s.Value == "" {
			wrong = append(wrong, fmt.Sprintf("suggestion %d: it needs a text and the address or number behind it", i+1))
		}
	}
	return wrong
}

func whatsappProblems(c campaign.Content) []string {
	var wrong []string
	if len(c.Suggestions) > 0 {
		wrong = append(wrong, "suggestions stand below an rcs text only")
	}
	switch {
	case c.Media != nil:
		wrong = append(wrong, mediaProblems(*c.Media)...)
	case c.Location != nil:
		if c.Location.Latitude == "" || c.Location.Longitude == "" {
			wrong = append(wrong, "a location needs latitude and longitude")
		}
	case c.Reaction != nil:
		if c.Reaction.MessageID == "" || c.Reaction.Emoji == "" {
			wrong = append(wrong, "a reaction needs the message's id and an emoji")
		}
	case c.Text == "":
		wrong = append(wrong, "the leg has no content: give it a template, text, media, location or reaction")
	}
	return wrong
}

func mediaProblems(m campaign.Media) []string {
	var wrong []string
	if _, err := mediaBody(m); err != nil {
		wrong = append(wrong, fmt.Sprintf("media of kind %q: use image, video, audio, document or sticker", m.Kind))
	}
	if (m.URL == "") == (m.Key == "") {
		wrong = append(wrong, "media needs either a url or a key")
	}
	if m.Caption != "" && (m.Kind == "audio" || m.Kind == "sticker") {
		wrong = append(wrong, "audio and stickers have no caption")
	}
	if m.Filename != "" && m.Kind != "document" {
		wrong = append(wrong, "only a document has a filename")
	}
	return wrong
}
