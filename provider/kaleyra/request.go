package kaleyra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// The addresses and fields of this file are documented by the provider, but where a
// comment says "assumed".

const formType = "application/x-www-form-urlencoded"

var (
	// errContent is the error of a content that its channel has no request for.
	errContent = errors.New("this channel cannot carry this content")
	// errValue is the error of one person's value that no request can carry: another
	// person's may be sent.
	errValue = errors.New("holds a comma, which Kaleyra's list of parameters cannot carry")
)

// request gives an attempt's whole request.
func (p *Provider) request(a campaign.Attempt) (provider.Request, error) {
	if p.lacks(a.Channel) {
		return provider.Request{}, errors.New("the account has no " + a.Channel.String())
	}
	switch a.Channel {
	case campaign.WhatsApp:
		form, err := p.whatsappForm(a)
		return p.post(p.messages, formType, []byte(form.Encode())), err
	case campaign.RCS:
		body, err := p.rcsBody(a)
		return p.post(p.rcs, "application/json", body), err
	}
	form, err := p.smsForm(a)
	return p.post(p.sms, formType, []byte(form.Encode())), err
}

func (p *Provider) post(address, contentType string, body []byte) provider.Request {
	return provider.Request{URL: address, Body: body, Header: http.Header{
		"Api-Key":      {p.config.APIKey.Reveal()},
		"Content-Type": {contentType},
		"Accept":       {"application/json"},
	}}
}

// lacks says whether the account has no sender for the channel.
func (p *Provider) lacks(c campaign.Channel) bool {
	switch c {
	case campaign.WhatsApp:
		return p.config.WhatsApp == nil
	case campaign.RCS:
		return p.config.RCS == nil
	case campaign.SMS:
		return p.config.SMS == nil
	}
	return true
}

func (p *Provider) whatsappForm(a campaign.Attempt) (url.Values, error) {
	form := url.Values{
		"to":      {a.To.E164()},
		"from":    {p.config.WhatsApp.From},
		"channel": {"whatsapp"},
		"ref":     {a.ID.String()},
	}
	add(form, "callback_profile_id", p.config.WhatsApp.CallbackProfileID)
	switch c := a.Content; {
	case c.Template != nil:
		return form, addTemplate(form, *c.Template)
	case c.Media != nil:
		return form, addMedia(form, *c.Media)
	case onlyText(c) && len(c.Suggestions) == 0:
		form.Set("type", "text")
		form.Set("body", c.Text)
		return form, nil
	}
	return nil, errContent
}

func addTemplate(form url.Values, t campaign.Template) error {
	for i, value := range t.Parameters {
		if strings.Contains(value, ",") {
			return fmt.Errorf("parameter %d %w", i+1, errValue)
		}
	}
	form.Set("type", "template")
	form.Set("template_name", t.Name)
	add(form, "lang_code", t.Language)
	add(form, "params", strings.Join(t.Parameters, ","))
	add(form, "media_url", t.MediaURL)
	return nil
}

// addMedia names a file by its address. Uploads and file names are documented for a
// multipart form only.
func addMedia(form url.Values, m campaign.Media) error {
	if m.URL == "" {
		return errContent
	}
	form.Set("type", "media")
	form.Set("media_url", m.URL)
	add(form, "caption", m.Caption)
	return nil
}

// smsForm is a marketing message. The fields ref, ref1 and ref2 are documented for the
// older address only, ref_custom, a list in this notation, for this one.
func (p *Provider) smsForm(a campaign.Attempt) (url.Values, error) {
	if !onlyText(a.Content) || len(a.Content.Suggestions) > 0 {
		return nil, errContent
	}
	form := url.Values{
		"to":         {a.To.E164()},
		"sender":     {p.config.SMS.Sender},
		"type":       {"MKT"},
		"unicode":    {"Auto"},
		"body":       {a.Content.Text},
		"ref_custom": {"['" + a.ID.String() + "']"},
	}
	add(form, "callback_profile_id", p.config.SMS.CallbackProfileID)
	return form, nil
}

// rcsBody is a text; numbers have no plus here. That the key stands in the same header
// as elsewhere is documented, a field for our reference is not.
func (p *Provider) rcsBody(a campaign.Attempt) ([]byte, error) {
	if !onlyText(a.Content) || len(a.Content.Suggestions) > 0 {
		return nil, errContent
	}
	return json.Marshal(struct {
		From string   `json:"from"`
		To   []string `json:"to"`
		Text string   `json:"text"`
	}{p.config.RCS.From, []string{strings.TrimPrefix(a.To.E164(), "+")}, a.Content.Text})
}

// add sets a field that is left out when it is empty.
func add(form url.Values, name, value string) {
	if value != "" {
		form.Set(name, value)
	}
}

func onlyText(c campaign.Content) bool {
	return c.Template == nil && c.Media == nil && c.Location == nil && c.Reaction == nil
}
