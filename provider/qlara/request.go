package qlara

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// The paths and fields of this file are documented by the provider, but where a
// comment says "assumed".
const (
	whatsappPath = "/message-server/whatsapp/send"
	rcsPath      = "/message-server/rcs/send"
	smsPath      = "/message-server/sms/send"
)

// envelope is common to all channels. A scheduledDate is never sent: times are ours.
type envelope struct {
	Destination        string             `json:"destination"`
	MessageID          string             `json:"messageId"` // a UUID in lower case: length and alphabet of the field are not documented
	CampaignID         string             `json:"campaignId,omitempty"`
	Simulation         bool               `json:"simulation,omitempty"`
	EnableNotification bool               `json:"enableNotification"` // false means: no receipts
	Placeholders       campaign.Variables `json:"placeholders,omitempty"`
}

type whatsappRequest struct {
	envelope
	PhoneNumberID int               `json:"phoneNumberId"`
	Template      *whatsappTemplate `json:"template,omitempty"`
	Body          *whatsappBody     `json:"body,omitempty"`
	FallbackRCS   *fallbackRCS      `json:"fallbackRcs,omitempty"` // of a provider's chain only
	FallbackSMS   *fallbackSMS      `json:"fallbackSms,omitempty"`
}

type whatsappTemplate struct {
	ID       int    `json:"id"`
	MediaURL string `json:"mediaUrl,omitempty"` // of a header with an image or a film
}

type rcsRequest struct {
	envelope          // its placeholders are assumed, by analogy with WhatsApp
	AgentID  int      `json:"agentId"`
	Template int      `json:"templateId,omitempty"`
	Type     string   `json:"type,omitempty"`
	Body     *rcsBody `json:"body,omitempty"`
}

type smsRequest struct {
	envelope
	Sender string `json:"sender"`
	Body   string `json:"body"`
	// SkipRCSOverride keeps a rule of the account from turning the SMS, the last
	// resort, into an RCS message.
	SkipRCSOverride bool `json:"skipRcsOverride"`
}

// request gives the path and the JSON of an attempt.
func (p *Provider) request(a campaign.Attempt) (path string, body any, err error) {
	if p.lacks(a.Channel) {
		return "", nil, provider.NoChannel(a.Channel)
	}
	if len(a.Chain) > 0 && (a.Channel != campaign.WhatsApp || a.Content.Template == nil) {
		return "", nil, provider.ErrContent
	}
	switch a.Channel {
	case campaign.WhatsApp:
		body, err = p.whatsapp(a)
		return whatsappPath, body, err
	case campaign.RCS:
		body, err = p.rcs(a)
		return rcsPath, body, err
	}
	body, err = p.sms(a)
	return smsPath, body, err
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

func (p *Provider) whatsapp(a campaign.Attempt) (*whatsappRequest, error) {
	r := &whatsappRequest{envelope: p.wrap(a, p.config.WhatsApp.Notifications), PhoneNumberID: p.config.WhatsApp.PhoneNumberID}
	if t := a.Content.Template; t != nil {
		r.Template, r.Placeholders = &whatsappTemplate{ID: t.ID, MediaURL: t.MediaURL}, a.Variables
		return r, p.chain(r, a.Chain)
	}
	var err error
	r.Body, err = freeForm(a.Content)
	return r, err
}

func (p *Provider) rcs(a campaign.Attempt) (*rcsRequest, error) {
	r := &rcsRequest{envelope: p.wrap(a, p.config.RCS.Notifications), AgentID: p.config.RCS.AgentID}
	if t := a.Content.Template; t != nil {
		r.Template, r.Placeholders = t.ID, a.Variables
		return r, nil
	}
	var err error
	r.Type = "TEXT"
	r.Body, err = richText(a.Content)
	return r, err
}

func (p *Provider) sms(a campaign.Attempt) (*smsRequest, error) {
	if !provider.PlainText(a.Content) {
		return nil, provider.ErrContent
	}
	s := p.config.SMS
	return &smsRequest{envelope: p.wrap(a, s.Notifications), Sender: s.Sender, Body: a.Content.Text, SkipRCSOverride: true}, nil
}

func (p *Provider) wrap(a campaign.Attempt, n Notifications) envelope {
	return envelope{
		Destination:        a.To.E164(),
		MessageID:          a.ID.String(),
		CampaignID:         a.CampaignID,
		Simulation:         a.Simulation || p.config.Simulation,
		EnableNotification: n.wanted(),
	}
}
