package infobip

import (
	"maps"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

const (
	maxRCSText     = 3072 // characters
	maxSuggestions = 11
)

type rcsText struct {
	Type        string       `json:"type"`
	Text        string       `json:"text"`
	Suggestions []suggestion `json:"suggestions,omitempty"`
}

// suggestion is a button. What it posts back comes with the callback of a tap on it.
type suggestion struct {
	Type         string `json:"type"`
	Text         string `json:"text"`
	PostbackData string `json:"postbackData"`
	URL          string `json:"url,omitempty"`
	PhoneNumber  string `json:"phoneNumber,omitempty"`
}

type rcsTemplate struct {
	Type       string         `json:"type"`
	TemplateID string         `json:"templateId"`
	Parameters []rcsParameter `json:"parameters,omitempty"`
}

type rcsParameter struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func rcs(s Sender, a campaign.Attempt) (batch, error) {
	if t := a.Content.Template; t != nil {
		return wrap(s, a, rcsTemplate{Type: "PROVIDER_TEMPLATE", TemplateID: t.Name, Parameters: byName(a.Variables)}), nil
	}
	if !provider.OnlyText(a.Content) || a.Content.Text == "" {
		return batch{}, provider.ErrContent
	}
	text := rcsText{Type: "TEXT", Text: a.Content.Text}
	for _, suggestion := range a.Content.Suggestions {
		button, known := buttonOf(suggestion)
		if !known {
			return batch{}, provider.ErrContent
		}
		text.Suggestions = append(text.Suggestions, button)
	}
	return wrap(s, a, text), atMost(maxRCSText, "text", text.Text)
}

func byName(v campaign.Variables) []rcsParameter {
	parameters := make([]rcsParameter, 0, len(v))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parameters = append(parameters, rcsParameter{Name: name, Value: v[name]})
	}
	return parameters
}

// buttonOf lets a button that opens an address post that address back, so that the tap
// on it can be told from an answer. A reply posts its value, or else its label.
func buttonOf(s campaign.Suggestion) (suggestion, bool) {
	button := suggestion{Text: s.Text, PostbackData: s.Value}
	if s.Value == "" {
		button.PostbackData = s.Text
	}
	switch s.Type {
	case "reply":
		button.Type = "REPLY"
	case "url":
		button.Type, button.URL = "OPEN_URL", s.Value
	case "dial":
		button.Type, button.PhoneNumber = "DIAL_PHONE", s.Value
	default:
		return suggestion{}, false
	}
	return button, true
}
