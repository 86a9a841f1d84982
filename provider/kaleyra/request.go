package kaleyra

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// The addresses and fields of this file are documented by the provider, but where a
// comment says "assumed".

// request gives an attempt's whole request.
func (p *Provider) request(a campaign.Attempt) (provider.Request, error) {
	switch {
	case p.lacks(a.Channel):
		return provider.Request{}, provider.NoChannel(a.Channel)
	case a.Simulation:
		return provider.Request{}, provider.ErrSimulation
	}
	switch a.Channel {
	case campaign.WhatsApp:
		form, err := p.whatsappForm(a)
		return p.post(p.messages, provider.FormType, []byte(form.Encode())), err
	case campaign.RCS:
		body, err := p.rcsBody(a)
		return p.post(p.rcs, provider.JSONType, body), err
	}
	form, err := p.smsForm(a)
	return p.post(p.sms, provider.FormType, []byte(form.Encode())), err
}

func (p *Provider) post(address, contentType string, body []byte) provider.Request {
	return provider.Request{URL: address, Body: body, Header: http.Header{
		"Api-Key":      {p.config.APIKey.Reveal()},
		"Content-Type": {contentType},
		"Accept":       {provider.JSONType},
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
	if p.config.WhatsApp.Sandbox {
		form.Set("source", "sandbox")
	}
	switch c := a.Content; {
	case c.Template != nil:
		return form, addTemplate(form, *c.Template)
	case c.Media != nil:
		return form, addMedia(form, *c.Media)
	case provider.PlainText(c):
		form.Set("type", "text")
		form.Set("body", c.Text)
		return form, nil
	}
	return nil, provider.ErrContent
}

func addTemplate(form url.Values, t campaign.Template) error {
	for i, value := range t.Parameters {
		if strings.Contains(value, ",") {
			return provider.Unfit("parameter %d holds a comma, which Kaleyra's list of parameters cannot carry", i+1)
		}
	}
	form.Set("type", "template")
	form.Set("template_name", t.Name)
	add(form, "lang_code", t.Language)
	add(form, "params", strings.Join(t.Parameters, ","))
	add(form, "media_url", t.MediaURL)
	if len(t.Buttons) > 0 {
		add(form, "param_url", t.Buttons[0])
	}
	return nil
}

// addMedia names a file by its address. Uploads and file names are documented for a
// multipart form only.
func addMedia(form url.Values, m campaign.Media) error {
	if m.URL == "" {
		return provider.ErrContent
	}
	form.Set("type", "media")
	form.Set("media_url", m.URL)
	add(form, "caption", m.Caption)
	return nil
}

// smsForm is a marketing message. The fields ref, ref1 and ref2 are documented for the
// older address only, ref_custom, a list in this notation, for this one.
func (p *Provider) smsForm(a campaign.Attempt) (url.Values, error) {
	if !provider.PlainText(a.Content) {
		return nil, provider.ErrContent
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
	if !provider.PlainText(a.Content) {
		return nil, provider.ErrContent
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
