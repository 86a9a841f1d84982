package qlara

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// whatsappBody is a free-form message, allowed within 24 hours of the person's last
// one. Exactly one of its fields is set.
type whatsappBody struct {
	Text     *whatsappText     `json:"text,omitempty"`
	Image    *whatsappMedia    `json:"image,omitempty"`
	Video    *whatsappMedia    `json:"video,omitempty"`
	Audio    *whatsappMedia    `json:"audio,omitempty"`
	Document *whatsappMedia    `json:"document,omitempty"`
	Sticker  *whatsappMedia    `json:"sticker,omitempty"`
	Location *whatsappLocation `json:"location,omitempty"`
	Reaction *whatsappReaction `json:"reaction,omitempty"`
}

type whatsappText struct {
	Body string `json:"body"`
}

type whatsappMedia struct {
	URL      string `json:"url,omitempty"`
	Key      string `json:"key,omitempty"`
	Filename string `json:"filename,omitempty"`
	Caption  string `json:"caption,omitempty"`
}

type whatsappLocation struct {
	Latitude  string `json:"latitude"`
	Longitude string `json:"longitude"`
	Name      string `json:"name,omitempty"`
	Address   string `json:"address,omitempty"`
}

type whatsappReaction struct {
	MessageID string `json:"messageId"`
	Emoji     string `json:"emoji"`
}

func freeForm(c campaign.Content) (*whatsappBody, error) {
	switch {
	case len(c.Suggestions) > 0:
		return nil, provider.ErrContent
	case c.Media != nil:
		return mediaBody(*c.Media)
	case c.Location != nil:
		l := whatsappLocation(*c.Location)
		return &whatsappBody{Location: &l}, nil
	case c.Reaction != nil:
		r := whatsappReaction(*c.Reaction)
		return &whatsappBody{Reaction: &r}, nil
	}
	return &whatsappBody{Text: &whatsappText{Body: c.Text}}, nil
}

func mediaBody(m campaign.Media) (*whatsappBody, error) {
	media := &whatsappMedia{URL: m.URL, Key: m.Key, Filename: m.Filename, Caption: m.Caption}
	switch m.Kind {
	case "image":
		return &whatsappBody{Image: media}, nil
	case "video":
		return &whatsappBody{Video: media}, nil
	case "audio":
		return &whatsappBody{Audio: media}, nil
	case "document":
		return &whatsappBody{Document: media}, nil
	case "sticker":
		return &whatsappBody{Sticker: media}, nil
	}
	return nil, provider.ErrContent
}

// rcsBody is an RCS message of type TEXT. The keys of CARD and CAROUSEL are not
// published: such messages are sent as templates.
type rcsBody struct {
	Text        string          `json:"text"`
	Suggestions []rcsSuggestion `json:"suggestions,omitempty"`
}

type rcsSuggestion struct {
	Type string   `json:"type"`
	Text string   `json:"text"`
	URL  *rcsURL  `json:"url,omitempty"`
	Dial *rcsDial `json:"dial,omitempty"`
}

type rcsURL struct {
	URL string `json:"url"`
}

type rcsDial struct {
	PhoneNumber string `json:"phoneNumber"`
}

func richText(c campaign.Content) (*rcsBody, error) {
	if !provider.OnlyText(c) {
		return nil, provider.ErrContent
	}
	body := &rcsBody{Text: c.Text}
	for _, s := range c.Suggestions {
		button := rcsSuggestion{Type: s.Type, Text: s.Text}
		switch s.Type {
		case "url":
			button.URL = &rcsURL{URL: s.Value}
		case "dial":
			button.Dial = &rcsDial{PhoneNumber: s.Value}
		default: // what a reply holds is not published
			return nil, provider.ErrContent
		}
		body.Suggestions = append(body.Suggestions, button)
	}
	return body, nil
}
