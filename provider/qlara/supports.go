package qlara

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled.
func (p *Provider) Supports(leg campaign.Leg) []string {
	var wrong []string
	if p.lacks(leg.Channel) {
		wrong = append(wrong, provider.NoChannel(leg.Channel).Error())
	}
	c := leg.Content
	switch {
	case c.Template != nil:
		return append(wrong, templateProblems(leg.Channel, *c.Template)...)
	case leg.Channel == campaign.SMS:
		return append(wrong, provider.SMSProblems(c)...)
	case leg.Channel == campaign.RCS:
		return append(wrong, provider.RCSProblems(c, "url", "dial")...)
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
	if len(t.Parameters) > 0 || t.Header != "" || len(t.Buttons) > 0 {
		wrong = append(wrong, "Qlara's templates take placeholders by name: remove template.parameters, template.header and template.buttons")
	}
	if t.MediaURL != "" && channel != campaign.WhatsApp {
		wrong = append(wrong, "only a whatsapp template takes a media_url")
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
		wrong = append(wrong, provider.MediaProblems(*c.Media, true)...)
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
