package wab

import (
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled.
func (p *Provider) Supports(leg campaign.Leg) []string {
	if leg.Channel == campaign.RCS {
		return []string{"Mobile Gateway has no RCS: send this leg over another provider's account, or remove it"}
	}
	var wrong []string
	if p.lacks(leg.Channel) {
		wrong = append(wrong, provider.NoChannel(leg.Channel).Error())
	}
	if leg.Simulation {
		wrong = append(wrong, provider.ErrSimulation.Error())
	}
	c := leg.Content
	switch {
	case leg.Channel == campaign.SMS:
		return append(wrong, provider.SMSProblems(c)...)
	case c.Template != nil:
		return append(wrong, templateProblems(*c.Template)...)
	case c.Media != nil:
		return append(wrong, provider.MediaProblems(*c.Media, true)...)
	case provider.PlainText(c) && c.Text != "":
		return wrong
	}
	return append(wrong, "a whatsapp leg through Mobile Gateway is a template, a text or media, without suggestions")
}

func templateProblems(t campaign.Template) []string {
	wrong := provider.MetaTemplateProblems("Mobile Gateway", t)
	_, kind := provider.HeaderFile(t.MediaURL)
	if t.MediaURL != "" && !strings.Contains(t.MediaURL, "{") && kind == "" {
		wrong = append(wrong, "template.media_url: its end does not say what the file is: want one that ends in .jpg, .png, .mp4, .3gp, .pdf or another document's")
	}
	if len(t.Buttons) > 0 {
		wrong = append(wrong, "Mobile Gateway's records show no button that is completed: remove template.buttons")
	}
	return wrong
}
