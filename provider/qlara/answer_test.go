package qlara

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		reasons []string
		want    provider.Outcome
	}{
		{nil, provider.Outcome{Kind: provider.Refused, Reason: "not accepted"}},
		{[]string{"template not approved"}, provider.Outcome{Kind: provider.Refused, Reason: "template not approved"}},
		{[]string{"Recipient opted out."}, provider.Outcome{Kind: provider.OptedOut, Reason: "Recipient opted out."}},
		{[]string{"quota", "blacklisted or opted out"}, provider.Outcome{Kind: provider.OptedOut, Reason: "quota; blacklisted or opted out"}},
		{[]string{"blacklisted"}, provider.Outcome{Kind: provider.Refused, Reason: "blacklisted"}},
		{[]string{"recipient not opted out"}, provider.Outcome{Kind: provider.Refused, Reason: "recipient not opted out"}},
		{[]string{"recipient not opted in"}, provider.Outcome{Kind: provider.Refused, Reason: "recipient not opted in"}},
		{[]string{"Invalid number"}, provider.Outcome{Kind: provider.Invalid, Reason: "Invalid number"}},
		{[]string{"invalid number of parameters"}, provider.Outcome{Kind: provider.Refused, Reason: "invalid number of parameters"}},
		{[]string{"number not on WhatsApp"}, provider.Outcome{Kind: provider.Refused, Reason: "number not on WhatsApp"}},
		{[]string{"sender not authorised"}, provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope, Reason: "sender not authorised"}},
		{[]string{"no credit"}, provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope, Reason: "no credit"}},
	} {
		if got := refusal(c.reasons, nil); got != c.want {
			t.Errorf("refusal(%q) = %+v, want %+v", c.reasons, got, c.want)
		}
	}
}

// The free-form bodies that no example shows.
func TestFreeFormBodies(t *testing.T) {
	p := adapter(t)
	for want, c := range map[string]campaign.Content{
		`{"video":{"url":"https://example.com/v.mp4","caption":"c"}}`: {Media: &campaign.Media{Kind: "video", URL: "https://example.com/v.mp4", Caption: "c"}},
		`{"audio":{"key":"k"}}`:                            {Media: &campaign.Media{Kind: "audio", Key: "k"}},
		`{"sticker":{"url":"https://example.com/s.webp"}}`: {Media: &campaign.Media{Kind: "sticker", URL: "https://example.com/s.webp"}},
		`{"location":{"latitude":"45.46","longitude":"9.19","name":"Milano","address":"Duomo"}}`: {Location: &campaign.Location{Latitude: "45.46", Longitude: "9.19", Name: "Milano", Address: "Duomo"}},
		`{"reaction":{"messageId":"wamid.X","emoji":"👍"}}`:                                       {Reaction: &campaign.Reaction{MessageID: "wamid.X", Emoji: "👍"}},
	} {
		path, request, err := p.request(campaign.Attempt{ID: attempt, Channel: campaign.WhatsApp, To: "+393401234567", Content: c})
		if err != nil || path != whatsappPath {
			t.Errorf("%s: path %q, error %v", want, path, err)
			continue
		}
		var got struct{ Body any }
		var wanted any
		if err := json.Unmarshal(providertest.JSON(request), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(want), &wanted); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted, got.Body); diff != "" {
			t.Errorf("body (-want +got):\n%s", diff)
		}
	}
}

func FuzzAnswer(f *testing.F) { providertest.FuzzAnswer(f, outcome, secret) }
