package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// OnlyText says whether a content is a text, perhaps with suggestions below it.
func OnlyText(c campaign.Content) bool {
	return c.Template == nil && c.Media == nil && c.Location == nil && c.Reaction == nil
}

// PlainText says whether a content is a text and nothing else.
func PlainText(c campaign.Content) bool { return OnlyText(c) && len(c.Suggestions) == 0 }

// SMSProblems says what is wrong with the content of an SMS.
func SMSProblems(c campaign.Content) []string {
	var wrong []string
	if !OnlyText(c) || c.Text == "" {
		wrong = append(wrong, "an sms is a text and nothing else: give the leg a text")
	}
	if len(c.Suggestions) > 0 {
		wrong = append(wrong, "an sms has no suggestions")
	}
	return wrong
}

// RCSProblems says what is wrong with the content of an RCS message that is no template,
// at a provider that takes suggestions of these types.
func RCSProblems(c campaign.Content, types ...string) []string {
	if !OnlyText(c) || c.Text == "" {
		return []string{"an rcs message here is a template or a text: cards and media are sent as templates"}
	}
	var wrong []string
	for i, s := range c.Suggestions {
		if !slices.Contains(types, s.Type) {
			wrong = append(wrong, fmt.Sprintf("suggestion %d: type %q cannot be sent here: use %s", i+1, s.Type, strings.Join(types, " or ")))
		}
		if s.Text == "" || s.Value == "" && s.Type != "reply" {
			wrong = append(wrong, fmt.Sprintf("suggestion %d: it needs a text and the address or number behind it", i+1))
		}
	}
	return wrong
}

// MetaTemplateProblems says what is wrong with a WhatsApp template at a provider, which
// is named in the texts, that hands Meta's template on as it is: known by its name and
// language, its values by position.
func MetaTemplateProblems(provider string, t campaign.Template) []string {
	var wrong []string
	if t.Name == "" || t.Language == "" {
		wrong = append(wrong, provider+" knows a template by its name and language: give template.name and template.language")
	}
	if t.ID != 0 {
		wrong = append(wrong, provider+" knows no template by a number: remove template.id")
	}
	if len(t.Placeholders) > 0 {
		wrong = append(wrong, provider+"'s templates take values by position: use template.parameters in place of template.placeholders")
	}
	return wrong
}

// IsMedia says whether WhatsApp has messages of this kind of media.
func IsMedia(kind string) bool {
	switch kind {
	case "image", "video", "audio", "document", "sticker":
		return true
	}
	return false
}

// MediaProblems says what is wrong with a WhatsApp message of a file. keys says whether
// the provider keeps uploaded files, which have a key in place of an address.
func MediaProblems(m campaign.Media, keys bool) []string {
	var wrong []string
	if !IsMedia(m.Kind) {
		wrong = append(wrong, fmt.Sprintf("media of kind %q: use image, video, audio, document or sticker", m.Kind))
	}
	switch {
	case keys && (m.URL == "") == (m.Key == ""):
		wrong = append(wrong, "media needs either a url or the key of an uploaded file")
	case !keys && (m.URL == "" || m.Key != ""):
		wrong = append(wrong, "media is fetched from an address here: give it a url, and no key")
	}
	if m.Caption != "" && (m.Kind == "audio" || m.Kind == "sticker") {
		wrong = append(wrong, "audio and stickers have no caption")
	}
	if m.Filename != "" && m.Kind != "document" {
		wrong = append(wrong, "only a document has a filename")
	}
	return wrong
}
