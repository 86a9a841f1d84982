package wab

import (
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled.
func (p *Provider) Supports(leg campaign.Leg) []string {
	if leg.Channel == campaign.RCS {
		return []string{"Mobile Gateway has no RCS: send this leg over another provider's account, or remove it"}
	}
	var wrong []string
	if p.lacks(leg.Channel) {
		wrong = append(wrong, fmt.Sprintf("the account has no %s: add its block to the configuration", leg.Channel))
	}
	c := leg.Content
	switch {
	case leg.Channel == campaign.WhatsApp && c.Template != nil:
		return append(wrong, templateProblems(*c.Template)...)
	case leg.Channel == campaign.WhatsApp && c.Media != nil:
		return append(wrong, mediaProblems(*c.Media)...)
	case onlyText(c) && c.Text != "":
		return wrong
	case leg.Channel == campaign.WhatsApp:
		return append(wrong, "a whatsapp leg through Mobile Gateway is a template, a text or media, without suggestions")
	}
	return append(wrong, "an sms is a text and nothing else: give the leg a text")
}

func templateProblems(t campaign.Template) []string {
	var wrong []string
	if t.Name == "" || t.Language == "" {
		wrong = append(wrong, "Mobile Gateway knows a template by its name and language: give template.name and template.language")
	}
	if t.ID != 0 {
		wrong = append(wrong, "Mobile Gateway knows no template by a number: remove template.id")
	}
	if len(t.Placeholders) > 0 {
		wrong = append(wrong, "templates take values by position here: use template.parameters in place of template.placeholders")
	}
	if t.MediaURL != "" && !strings.Contains(t.MediaURL, "{") && fileKind(t.MediaURL) == "" {
		wrong = append(wrong, "template.media_url: its end does not say what the file is: want one that ends in .jpg, .png, .mp4, .3gp, .pdf or another document's")
	}
	return wrong
}

func mediaProblems(m campaign.Media) []string {
	var wrong []string
	if (&whatsappRequest{}).attach(m) != nil {
		wrong = append(wrong, fmt.Sprintf("media of kind %q: use image, video, audio, document or sticker", m.Kind))
	}
	if (m.URL == "") == (m.Key == "") {
		wrong = append(wrong, "media needs either a url or the key of an uploaded file")
	}
	if m.Caption != "" && (m.Kind == "audio" || m.Kind == "sticker") {
		wrong = append(wrong, "audio and stickers have no caption")
	}
	if m.Filename != "" && m.Kind != "document" {
		wrong = append(wrong, "only a document has a filename")
	}
	return wrong
}
