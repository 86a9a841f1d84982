package infobip

import (
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// smsFailover is the SMS of Infobip's own chain (documented: within a WhatsApp template
// with from, within an RCS message with sender). When Infobip goes on to it is not.
type smsFailover struct {
	From     string    `json:"from,omitempty"`
	Sender   string    `json:"sender,omitempty"`
	Text     string    `json:"text"`
	Validity *validity `json:"validityPeriod,omitempty"`
}

// maxFailoverText is documented for WhatsApp, and taken for RCS too.
const maxFailoverText = 4096

// ChainProblems says what Infobip's smsFailover cannot carry.
func (p *Provider) ChainProblems(leg campaign.Leg) []string {
	var wrong []string
	switch {
	case leg.Channel == campaign.SMS:
		wrong = append(wrong, "Infobip falls back to sms, not from it: want whatsapp or rcs first")
	case leg.Channel == campaign.WhatsApp && leg.Content.Template == nil:
		wrong = append(wrong, "Infobip has smsFailover for whatsapp templates only: want a template in the first leg")
	}
	if len(leg.Chain) != 1 || leg.Chain[0].Channel != campaign.SMS {
		wrong = append(wrong, fmt.Sprintf("Infobip's own fallback is one sms (smsFailover): want the route %s, sms", leg.Channel))
	}
	return wrong
}

// failover is the SMS behind an attempt; nil without a chain.
func (p *Provider) failover(a campaign.Attempt) (*smsFailover, error) {
	if len(a.Chain) == 0 {
		return nil, nil
	}
	link := a.Chain[0]
	switch {
	case len(a.Chain) > 1 || link.Channel != campaign.SMS || !provider.PlainText(link.Content):
		return nil, provider.ErrContent
	case p.config.SMS == nil:
		return nil, provider.NoChannel(campaign.SMS)
	}
	f := &smsFailover{Text: link.Content.Text}
	if a.Channel == campaign.WhatsApp {
		f.From = p.config.SMS.bare()
	} else {
		f.Sender, f.Validity = p.config.SMS.bare(), validityOf(share(a))
	}
	return f, atMost(maxFailoverText, "the sms to fall back to", f.Text)
}

// share is how long each message of a chain may take, so that all end within the wait.
func share(a campaign.Attempt) time.Duration {
	return a.Validity / time.Duration(1+len(a.Chain))
}

// webhooks ask that what becomes of the failover is reported too (documented; what holds
// without it is not).
type webhooks struct {
	Delivery struct {
		Failover bool `json:"receiveTriggeredFailoverReports"`
	} `json:"delivery"`
}

// falling is an RCS message with the SMS behind it, if there is one.
func (b batch) falling(f *smsFailover) batch {
	if f == nil || len(b.Messages) == 0 {
		return b
	}
	m := &b.Messages[0]
	m.Options.SMSFailover, m.Webhooks = f, &webhooks{}
	m.Webhooks.Delivery.Failover = true
	return b
}
