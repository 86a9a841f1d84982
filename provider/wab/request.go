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

// smsRequest names its sender, so that it must not name a class.
type smsRequest struct {
	Destination string `json:"destination"`
	Content     string `json:"content"`
	Source      string `json:"source"`
	Reference   string `json:"reference"`
}

var (
	// errContent is the error of a content that its channel has no request for.
	errContent = errors.New("this channel cannot carry this content")
	// errValue is the error of one person's value that no request can carry: another
	// person's may be sent.
	errValue = errors.New("the media's address does not say what it is: want one that ends as .jpg does")
)

// unsendable is the outcome of an attempt that has no request.
func unsendable(err error) provider.Outcome {
	o := provider.Unsendable(err)
	if errors.Is(err, errValue) {
		o.Kind = provider.Refused
	}
	return o
}

// request gives the path and the JSON of an attempt.
func (p *Provider) request(a campaign.Attempt) (path string, body any, err error) {
	if p.lacks(a.Channel) {
		return "", nil, errors.New("the account has no " + a.Channel.String())
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
	case onlyText(c):
		r.Type, r.Text = "text", &text{Body: c.Text}
		return r, nil
	}
	return nil, errContent
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
		return errContent
	}
	return nil
}

func (p *Provider) sms(a campaign.Attempt) (*smsRequest, error) {
	if !onlyText(a.Content) {
		return nil, errContent
	}
	return &smsRequest{Destination: a.To.E164(), Content: a.Content.Text, Source: p.config.SMS.Source, Reference: a.ID.String()}, nil
}

func onlyText(c campaign.Content) bool {
	return c.Template == nil && c.Media == nil && c.Location == nil && c.Reaction == nil && len(c.Suggestions) == 0
}
