package qlara

import (
	"net/http"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

func leg(ch campaign.Channel, chain ...campaign.Leg) campaign.Leg {
	l := campaign.Leg{Channel: ch, Chain: chain, Content: campaign.Content{Template: &campaign.Template{ID: 42}}}
	if ch == campaign.SMS {
		l.Content = campaign.Content{Text: "Ciao"}
	}
	return l
}

func TestChainsThatQlaraCannotRun(t *testing.T) {
	t.Parallel()
	rcs, sms := leg(campaign.RCS), leg(campaign.SMS)
	freeForm := leg(campaign.WhatsApp, sms)
	freeForm.Content = campaign.Content{Text: "Ciao"}
	for name, x := range map[string]struct {
		leg   campaign.Leg
		wrong int
	}{
		"whatsapp, rcs, sms": {leg(campaign.WhatsApp, rcs, sms), 0},
		"whatsapp, sms":      {leg(campaign.WhatsApp, sms), 0},
		"rcs without sms":    {leg(campaign.WhatsApp, rcs), 1},
		"sms before rcs":     {leg(campaign.WhatsApp, sms, rcs), 2},
		"rcs first":          {leg(campaign.RCS, sms), 1},
		"free form first":    {freeForm, 1},
	} {
		if got := adapter(t).ChainProblems(x.leg); len(got) != x.wrong {
			t.Errorf("%s: %q, want %d problems", name, got, x.wrong)
		}
	}
}

func TestAnswersToAChain(t *testing.T) {
	t.Parallel()
	a := campaign.Attempt{ID: attempt, To: "+393401234567", Channel: campaign.WhatsApp,
		Chain: []campaign.Link{{Channel: campaign.RCS}, {Channel: campaign.SMS}}}
	for body, want := range map[string]provider.Kind{
		`{"results":{"whatsapp":{"accepted":true},"rcs":{"accepted":true},"sms":{"accepted":true}}}`:                           provider.Accepted,
		`{"results":{"whatsapp":{"accepted":false},"rcs":null,"sms":{"accepted":true}}}`:                                       provider.Accepted,
		`{"results":{"whatsapp":{"accepted":false},"rcs":{"accepted":false},"sms":{"accepted":false,"reasons":["no route"]}}}`: provider.Refused,
		`{"results":{"whatsapp":null,"rcs":null,"sms":null}}`:                                                                  provider.Unknown,
		`{"results":{"whatsapp":{"accepted":true},"sms":{"accepted":"perhaps"}}}`:                                              provider.Unknown,
	} {
		got := outcome(provider.Exchange{Written: true, Status: http.StatusOK, Body: []byte(body)}, a, nil)
		if got.Kind != want {
			t.Errorf("%s: %s, want %s", body, got.Kind, want)
		}
	}
}
