package infobip

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Supports says what is wrong with a leg's content on this account; nothing if it can
// be sent. Placeholders may be unfilled.
func (p *Provider) Supports(leg campaign.Leg) []string {
	var wrong []string
	if p.sender(leg.Channel) == nil {
		wrong = append(wrong, provider.NoChannel(leg.Channel).Error())
	}
	if leg.Simulation {
		wrong = append(wrong, provider.ErrSimulation.Error())
	}
	c := leg.Content
	switch {
	case leg.Channel == campaign.SMS:
		return append(wrong, provider.SMSProblems(c)...)
	case leg.Channel == campaign.RCS && c.Template != nil:
		return append(wrong, rcsTemplateProblems(*c.Template)...)
	case leg.Channel == campaign.RCS:
		return append(wrong, rcsProblems(c)...)
	case c.Template != nil:
		return append(wrong, templateProblems(*c.Template)...)
	}
	return append(wrong, whatsappProblems(c)...)
}

var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

func templateProblems(t campaign.Template) []string {
	var wrong []string
	if t.ID != 0 || !templateName.MatchString(t.Name) {
		wrong = append(wrong, "Infobip knows a whatsapp template by its name of small letters, digits and _: give template.name, and no template.id")
	}
	if t.Language == "" {
		wrong = append(wrong, "Infobip wants the language with which the template is registered: give template.language, as it or en_GB")
	}
	if len(t.Placeholders) > 0 {
		wrong = append(wrong, "whatsapp templates at Infobip take values by position: list template.parameters, and remove template.placeholders")
	}
	for _, err := range valueProblems(t) {
		wrong = append(wrong, err.Error())
	}
	if n := len(t.Buttons); n > maxURLButtons {
		wrong = append(wrong, fmt.Sprintf("%d template.buttons: want at most %d", n, maxURLButtons))
	}
	if _, word := headerType(t.MediaURL); t.MediaURL != "" && word == "" {
		wrong = append(wrong, "Infobip must be told what template.media_url shows, and its ending tells: want .jpg, .png, .gif, .mp4, .3gp, .pdf or another document")
	}
	return wrong
}

func rcsTemplateProblems(t campaign.Template) []string {
	var wrong []string
	if t.ID != 0 || t.Name == "" {
		wrong = append(wrong, "Infobip knows an rcs template by the name it is registered with: give template.name, and no template.id")
	}
	if t.Language != "" || t.MediaURL != "" || t.Header != "" || len(t.Buttons) > 0 {
		wrong = append(wrong, "an rcs template at Infobip has neither a language nor a media_url, header or buttons: remove them")
	}
	if len(t.Parameters) > 0 || t.Placeholders == nil {
		wrong = append(wrong, "rcs templates at Infobip take values by name, and none besides: list template.placeholders, [] if there are none, and remove template.parameters")
	}
	return wrong
}

func rcsProblems(c campaign.Content) []string {
	wrong := provider.RCSProblems(c, "reply", "url", "dial")
	if n := len(c.Suggestions); n > maxSuggestions {
		wrong = append(wrong, fmt.Sprintf("%d suggestions: want at most %d", n, maxSuggestions))
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
		wrong = append(wrong, provider.MediaProblems(*c.Media, false)...)
	case c.Location != nil:
		if _, _, err := place(*c.Location); err != nil && !strings.Contains(c.Location.Latitude+c.Location.Longitude, "{") {
			wrong = append(wrong, err.Error())
		}
	case c.Reaction != nil:
		wrong = append(wrong, "reactions cannot be sent through Infobip here: give the leg a template or a text")
	case c.Text == "":
		wrong = append(wrong, "the leg has no content: give it a template, text, media or location")
	}
	return wrong
}
