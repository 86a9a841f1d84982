package infobip

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

type smsText struct {
	Text string `json:"text"`
}

// sms asks for the billed parts in the answer.
func sms(s Sender, a campaign.Attempt) (batch, error) {
	if !provider.PlainText(a.Content) || a.Content.Text == "" {
		return batch{}, provider.ErrContent
	}
	b := wrap(s, a, smsText{Text: a.Content.Text})
	b.Options.IncludeSMSCount = true
	return b, nil
}
