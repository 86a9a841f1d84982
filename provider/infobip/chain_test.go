package infobip

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestChainsThatInfobipCannotRun(t *testing.T) {
	t.Parallel()
	leg := func(ch campaign.Channel, chain ...campaign.Leg) campaign.Leg {
		return campaign.Leg{Channel: ch, Chain: chain, Content: campaign.Content{Template: &campaign.Template{Name: "a"}}}
	}
	rcs, sms := leg(campaign.RCS), campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "Ciao"}}
	freeForm := leg(campaign.WhatsApp, sms)
	freeForm.Content = campaign.Content{Text: "Ciao"}
	for name, x := range map[string]struct {
		leg   campaign.Leg
		wrong int
	}{
		"whatsapp, sms":      {leg(campaign.WhatsApp, sms), 0},
		"rcs, sms":           {leg(campaign.RCS, sms), 0},
		"whatsapp, rcs, sms": {leg(campaign.WhatsApp, rcs, sms), 1},
		"whatsapp, rcs":      {leg(campaign.WhatsApp, rcs), 1},
		"sms first":          {leg(campaign.SMS, rcs), 2},
		"free form first":    {freeForm, 1},
	} {
		if got := adapter(t).ChainProblems(x.leg); len(got) != x.wrong {
			t.Errorf("%s: %q, want %d problems", name, got, x.wrong)
		}
	}
}
