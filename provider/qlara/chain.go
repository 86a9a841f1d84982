package qlara

import (
	"maps"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// fallbackRCS and fallbackSMS are the legs of Qlara's own chain, within a WhatsApp
// request (documented, with the rule that fallbackRcs needs fallbackSms). When Qlara goes
// on from one to the next is not documented.
type fallbackRCS struct {
	AgentID  int      `json:"agentId"`
	Template int      `json:"templateId,omitempty"`
	Type     string   `json:"type,omitempty"`
	Body     *rcsBody `json:"body,omitempty"`
}

type fallbackSMS struct {
	Sender string `json:"sender"`
	Text   string `json:"text"`
}

// ChainProblems says what Qlara's fallback fields cannot carry.
func (p *Provider) ChainProblems(leg campaign.Leg) []string {
	var wrong []string
	if leg.Channel != campaign.WhatsApp {
		wrong = append(wrong, "Qlara's own fallback stands in a whatsapp request: want whatsapp first")
	}
	if leg.Content.Template == nil {
		wrong = append(wrong, "want a template in the first leg: a free-form message is refused outside the 24-hour window, and nothing says that Qlara goes on then")
	}
	last := leg.Chain[len(leg.Chain)-1]
	if last.Channel != campaign.SMS {
		wrong = append(wrong, "Qlara's fallbackRcs needs a fallbackSms: want an sms leg at the end")
	}
	if n := len(leg.Chain); n > 2 || n == 2 && leg.Chain[0].Channel != campaign.RCS {
		wrong = append(wrong, "Qlara falls back from whatsapp to rcs to sms, or from whatsapp to sms, in this order")
	}
	return wrong
}

// chain puts the provider's chain into the request. One map of placeholders goes with a
// request: that it fills an RCS template's as well is assumed. Texts are filled by us.
func (p *Provider) chain(r *whatsappRequest, links []campaign.Link) error {
	for _, link := range links {
		if p.lacks(link.Channel) {
			return provider.NoChannel(link.Channel)
		}
		switch link.Channel {
		case campaign.RCS:
			if err := p.chainRCS(r, link); err != nil {
				return err
			}
		case campaign.SMS:
			if !provider.PlainText(link.Content) {
				return provider.ErrContent
			}
			r.FallbackSMS = &fallbackSMS{Sender: p.config.SMS.Sender, Text: link.Content.Text}
		default:
			return provider.ErrContent
		}
	}
	return nil
}

func (p *Provider) chainRCS(r *whatsappRequest, link campaign.Link) (err error) {
	r.FallbackRCS = &fallbackRCS{AgentID: p.config.RCS.AgentID}
	if t := link.Content.Template; t != nil {
		r.FallbackRCS.Template = t.ID
		all := maps.Clone(link.Variables)
		if all == nil {
			all = campaign.Variables{}
		}
		maps.Copy(all, r.Placeholders)
		r.Placeholders = all
		return nil
	}
	r.FallbackRCS.Type = "TEXT"
	r.FallbackRCS.Body, err = richText(link.Content)
	return err
}

// judgeChain reads the answer to a chain: each of its channels has a yes or no, or null.
// One plain yes means that Qlara goes on with the message (assumed: what a no beside a yes
// means is not documented); only when all that is said is no is it refused.
func judgeChain(x provider.Exchange, a campaign.Attempt, body answer, private []string) provider.Outcome {
	o := provider.Outcome{Kind: provider.Accepted, ProviderID: provider.TheirID(body.MessageID, a.ID)}
	var reasons []string
	said, yes := false, false
	for _, channel := range append([]campaign.Channel{a.Channel}, channels(a.Chain)...) {
		r := body.Results[channel.String()]
		if r == nil {
			continue
		}
		switch string(r.Accepted) {
		case "true":
			yes = true
		case "false":
			said, reasons = true, append(reasons, r.Reasons...)
		default:
			return x.Unreadable()
		}
	}
	switch {
	case yes:
		return o
	case said:
		return refusal(reasons, private)
	}
	return x.Unreadable()
}

func channels(links []campaign.Link) (list []campaign.Channel) {
	for _, l := range links {
		list = append(list, l.Channel)
	}
	return list
}
