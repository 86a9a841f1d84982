package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Each provider's block is read into that provider's own settings, and its adapter
// takes the leg.
func TestEachProvider(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, block string
		leg         campaign.Leg
	}{
		{
			"qlara", "{provider: qlara, api_key: k, sms: {sender: MyBrand}}",
			campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "Ciao"}},
		},
		{
			"infobip", `{provider: infobip, base_url: "https://xxxxx.api.infobip.com", api_key: k,
				whatsapp: {sender: "+441134960000", limits: 80/1s}, rcs: {sender: DemoSender}, sms: {sender: MyBrand},
				callback_user: u, callback_password: p, callback_hmac_key: k, callback_hmac_header: X-Signature}`,
			campaign.Leg{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{Name: "sale", Language: "it"}}},
		},
		{
			"kaleyra", `{provider: kaleyra, base_url: "https://api.in.kaleyra.io", sid: HX1IN, api_key: k, rcs: {from: agent},
				whatsapp: {from: "+919812345678", callback_profile_id: IN_1, limits: 60/1s}, sms: {sender: MyBrand, callback_profile_id: IN_2}}`,
			campaign.Leg{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{Name: "sale", Language: "it", Parameters: []string{"{nome}"}}}},
		},
		{
			"wab", `{provider: wab, base_url: "https://api.example.com", username: app, password: p,
				whatsapp: {source: "1234567890"}, sms: {source: "4811", receipts: none}}`,
			campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "Kia ora"}},
		},
	} {
		c := parse(t, "accounts: {"+x.name+": "+x.block+"}")
		adapters, err := c.Providers(provider.ClientOptions{})
		if err != nil || adapters[x.name] == nil {
			t.Errorf("%s: adapters %v, error %v", x.name, adapters, err)
			continue
		}
		_, asks := adapters[x.name].(provider.Asker)
		for _, channel := range campaign.Channels() {
			if class := adapters[x.name].Class(channel); (class == provider.Queryable) != asks {
				t.Errorf("%s.%s is %s, and its adapter is an Asker: %t", x.name, channel, class, asks)
			}
		}
		x.leg.Account = x.name
		if wrong := c.Accounts.Check(x.leg); wrong != nil {
			t.Errorf("%s: %v", x.name, wrong)
		}
	}
}

// TestLegsThatAProviderLacks has what only one provider refuses.
func TestLegsThatAProviderLacks(t *testing.T) {
	t.Parallel()
	c := parse(t, `accounts:
  kaleyra: {provider: kaleyra, base_url: "https://api.in.kaleyra.io", sid: HX1IN, api_key: k, whatsapp: {from: "+919812345678"}}
  wab: {provider: wab, base_url: "https://api.example.com", username: app, password: p, sms: {source: "4811"}}`)
	for _, x := range []struct {
		leg  campaign.Leg
		want string
	}{
		{
			campaign.Leg{Account: "kaleyra", Channel: campaign.WhatsApp, Content: campaign.Content{
				Template: &campaign.Template{Name: "sale", Language: "it", Parameters: []string{"{nome}", "a, b"}},
			}},
			"template.parameters[1]: a comma would end the parameter, for Kaleyra takes them as one list: remove it",
		},
		{
			campaign.Leg{Account: "wab", Channel: campaign.RCS, Content: campaign.Content{Text: "Kia ora"}},
			"Mobile Gateway has no RCS: send this leg over another provider's account, or remove it",
		},
	} {
		if diff := cmp.Diff([]campaign.Problem{{Text: x.want}}, c.Accounts.Check(x.leg)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", x.leg.Account, diff)
		}
	}
	_, err := Parse("f", []byte(`accounts: {w: {provider: wab, base_url: "https://api.example.com/rest", username: app, password: p, sms: {source: "4811"}, rcs: {}}}`), environment())
	for _, want := range []string{"accounts.w.base_url: want the address", "accounts.w.rcs: the gateway has no RCS: remove the block"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want it to name %s", err, want)
		}
	}
}
