package wab

import (
	"errors"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// The paths and fields of this file are documented by the provider, but where a comment
// says "assumed".
const (
	whatsappPath = "/rest/wab/v1/messages"
	smsPath      = "/rest/gateway/messages"
)

// errNoRCS is why nothing of RCS can be sent or set up, whatever the account has.
var errNoRCS = errors.New("the gateway has no RCS")

// whatsappRequest has one field besides the envelope's, named by its type. For a text
// it is documented; that the others follow Meta's message in the same way is assumed
// from the records that the gateway shows of what it sent.
type whatsappRequest struct {
	Destination string    `json:"destination"`
	Type        string    `json:"type"`
	Source      string    `json:"source"`
	Reference   string    `json:"reference"` // documented in answers and receipts; that it is taken here, assumed
	Text        *text     `json:"text,omitempty"`
	Template    *template `json:"template,omitempty"`
	Image       *media    `json:"image,omitempty"`
	Video       *media    `json:"video,omitempty"`
	Audio       *media    `json:"audio,omitempty"`
	Document    *media    `json:"document,omitempty"`
	Sticker     *media    `json:"sticker,omitempty"`
}

type text struct {
	Body string `json:"body"`
}

// smsRequest names either its sender or a class of the application (documented).
type smsRequest struct {
	Destination string `json:"destination"`
	Content     string `json:"content"`
	Source      string `json:"source,omitempty"`
	Class       string `json:"class,omitempty"`
	Reference   string `json:"reference"`
}

// request gives the path and the JSON of an attempt.
func (p *Provider) request(a campaign.Attempt) (path string, body any, err error) {
	switch {
	case a.Channel == campaign.RCS:
		return "", nil, errNoRCS
	case p.lacks(a.Channel):
		return "", nil, provider.NoChannel(a.Channel)
	case a.Simulation:
		return "", nil, provider.ErrSimulation
	}
	if a.Channel == campaign.WhatsApp {
		body, err = p.whatsapp(a)
		return whatsappPath, body, err
	}
	body, err = p.sms(a)
	return smsPath, body, err
}

// lacks says whether the account has no sender for the channel.
func (p *Provider) lacks(c campaign.Channel) bool {
	switch c {
	case campaign.WhatsApp:
		return p.config.WhatsApp == nil
	case campaign.SMS:
		return p.config.SMS == nil
	}
	return true
}

func (p *Provider) whatsapp(a campaign.Attempt) (*whatsappRequest, error) {
	r := &whatsappRequest{Destination: a.To.E164(), Source: p.config.WhatsApp.Source, Reference: a.ID.String()}
	switch c := a.Content; {
	case c.Template != nil:
		t, err := newTemplate(*c.Template)
		r.Type, r.Template = "template", t
		return r, err
	case c.Media != nil:
		return r, r.attach(*c.Media)
	case provider.PlainText(c):
		r.Type, r.Text = "text", &text{Body: c.Text}
		return r, nil
	}
	return nil, provider.ErrContent
}

func (r *whatsappRequest) attach(m campaign.Media) error {
	r.Type = m.Kind
	file := &media{Link: m.URL, ID: m.Key, Caption: m.Caption, Filename: m.Filename}
	switch m.Kind {
	case "image":
		r.Image = file
	case "video":
		r.Video = file
	case "audio":
		r.Audio = file
	case "document":
		r.Document = file
	case "sticker":
		r.Sticker = file
	default:
		return provider.ErrContent
	}
	return nil
}

func (p *Provider) sms(a campaign.Attempt) (*smsRequest, error) {
	if !provider.PlainText(a.Content) {
		return nil, provider.ErrContent
	}
	s := p.config.SMS
	return &smsRequest{Destination: a.To.E164(), Content: a.Content.Text, Source: s.Source, Class: s.Class, Reference: a.ID.String()}, nil
}
