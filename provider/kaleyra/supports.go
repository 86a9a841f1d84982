package kaleyra

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled: a comma in a person's own value is found when
// the value is known, and refuses that one message.
func (p *Provider) Supports(leg campaign.Leg) []string {
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
	case leg.Channel == campaign.RCS:
		return append(wrong, textProblems(leg.Channel, c)...)
	case c.Template != nil:
		return append(wrong, templateProblems(*c.Template)...)
	case c.Media != nil:
		return append(wrong, mediaProblems(*c.Media)...)
	}
	return append(wrong, textProblems(leg.Channel, c)...)
}

// textProblems are those of a leg that can only be a text.
func textProblems(channel campaign.Channel, c campaign.Content) []string {
	var wrong []string
	if !provider.OnlyText(c) || c.Text == "" {
		want := "a text"
		if channel == campaign.WhatsApp {
			want = "a template, a text or media"
		}
		wrong = append(wrong, fmt.Sprintf("through Kaleyra this project sends over %s %s and nothing else", channel, want))
	}
	if len(c.Suggestions) > 0 {
		wrong = append(wrong, "suggestions cannot be sent through Kaleyra: remove them")
	}
	return wrong
}

var (
	placeholder = regexp.MustCompile(`\{[^{}]*\}`)
	tag         = regexp.MustCompile(`<[A-Za-z/!][^<>]*>`)
)

func templateProblems(t campaign.Template) []string {
	wrong := provider.MetaTemplateProblems("Kaleyra", t)
	for i, pattern := range t.Parameters {
		if strings.Contains(placeholder.ReplaceAllString(pattern, ""), ",") {
			wrong = append(wrong, fmt.Sprintf("template.parameters[%d]: a comma would end the parameter, for Kaleyra takes them as one list: remove it", i))
		}
		if tag.MatchString(pattern) {
			wrong = append(wrong, fmt.Sprintf("template.parameters[%d]: %s", i, noHTML))
		}
	}
	if len(t.Buttons) > 1 {
		wrong = append(wrong, "Kaleyra completes the address of one button: want at most one of template.buttons")
	}
	if t.Header != "" {
		wrong = append(wrong, "Kaleyra documents no value for a header of text: remove template.header")
	}
	return wrong
}

// noHTML is documented as the error E413.
const noHTML = "Kaleyra refuses HTML outside of a text: remove the tag"

// mediaKinds are those that Kaleyra's pages speak of; the request does not name the
// kind, Kaleyra finds it out.
var mediaKinds = []string{"image", "video", "audio", "document"}

func mediaProblems(m campaign.Media) []string {
	var wrong []string
	if !slices.Contains(mediaKinds, m.Kind) {
		wrong = append(wrong, fmt.Sprintf("media of kind %q cannot be sent through Kaleyra: use %s", m.Kind, strings.Join(mediaKinds, ", ")))
	}
	if m.URL == "" || m.Key != "" {
		wrong = append(wrong, "media at Kaleyra is fetched from an address: give a url and no key")
	}
	if m.Filename != "" {
		wrong = append(wrong, "Kaleyra takes no filename: remove it")
	}
	if m.Caption != "" && m.Kind == "audio" {
		wrong = append(wrong, "audio has no caption")
	}
	if tag.MatchString(m.Caption) {
		wrong = append(wrong, "caption: "+noHTML)
	}
	return wrong
}
