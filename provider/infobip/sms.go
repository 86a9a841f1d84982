package infobip

import "github.com/seed-438792ba/cascade/campaign"

type smsText struct {
	Text string `json:"text"`
}

// sms asks for the billed parts in the answer.
func sms(sender string, a campaign.Attempt) (batch, error) {
	if !onlyText(a.Content) || len(a.Content.Suggestions) > 0 || a.Content.Text == "" {
		return batch{}, errContent
	}
	b := wrap(sender, a, smsText{Text: a.Content.Text})
	b.Options = &batchOptions{IncludeSMSCount: true}
	return b, nil
}
