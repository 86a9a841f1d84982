package config

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/webhook"
)

const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestWebhooks(t *testing.T) {
	t.Parallel()
	text := `
webhooks:
  crm: {url: "https://crm.example.com/hooks", secret: ["` + whsec + `", "whsec_` + strings.Repeat("A", 40) + `"]}
  inside: {url: "http://10.1.2.3:8081", secret: "` + whsec + `", allow_http: true, allow_networks: [10.1.0.0/16], concurrency: 2}
accounts:
  main: ` + strings.Replace(account, "api_key", "webhook: {to: crm, number: true}, api_key", 1) + `
  other: ` + account
	c, err := Parse("f", []byte(text), environment())
	if err != nil {
		t.Fatal(err)
	}
	crm, inside := c.Webhooks["crm"], c.Webhooks["inside"]
	if crm.URL != "https://crm.example.com/hooks" || len(crm.Secrets) != 2 || len(crm.Guard) != 0 || inside.Concurrency != 2 || len(inside.Guard) != 1 {
		t.Errorf("read as %+v and %+v", crm, inside)
	}
	if shown := fmt.Sprintf("%+v %v %#v", c, c.Webhooks, crm.Secrets); strings.Contains(shown, "MfKQ9r8") || strings.Contains(shown, crm.Secrets[0].Reveal()) {
		t.Errorf("a secret is shown: %s", shown)
	}
	route := func(account string) campaign.Route { return campaign.Route{{Account: account}} }
	for _, x := range []struct {
		of   campaign.Campaign
		want campaign.Webhook
	}{
		{campaign.Campaign{Route: route("main")}, campaign.Webhook{To: "crm", Number: true}},
		{campaign.Campaign{Route: route("other")}, campaign.Webhook{}},
		{campaign.Campaign{Route: route("main"), Webhook: &campaign.Webhook{To: "inside"}}, campaign.Webhook{To: "inside"}},
	} {
		got := c.WebhookOf(&x.of)
		if got == nil {
			got = &campaign.Webhook{}
		}
		if *got != x.want {
			t.Errorf("%+v: %+v is told, want %+v", x.of.Route, *got, x.want)
		}
	}
}

func TestEachMistakeInAWebhook(t *testing.T) {
	t.Parallel()
	const makeOne = `make it with echo "whsec_$(openssl rand -base64 32)"`
	good := "{url: https://crm.example.com/hooks, secret: " + whsec + "}"
	for _, x := range []struct{ was, is, want string }{
		{"url: https://crm.example.com/hooks, ", "", "1:12: webhooks.crm.url: missing: want the receiver's address, as https://crm.example.com/webhooks/cascade"},
		{"https://crm", "ftp://crm", "1:23: webhooks.crm.url: want an address as https://crm.example.com/webhooks/cascade, without a user or a fragment"},
		{"https://crm", "https://u:p@crm", "1:23: webhooks.crm.url: want an address as https://crm.example.com/webhooks/cascade, without a user or a fragment"},
		{"https://crm", "http://crm", "1:23: webhooks.crm.url: what is sent over http anybody on the way can read and change: want https, or allow_http: true beside it"},
		{"crm.example.com", "169.254.169.254", "1:23: webhooks.crm.url: 169.254.169.254 is no public address: if it is meant, name its network in allow_networks"},
		{"https://crm.example.com/hooks", "'https://[::1]/hooks'", "1:23: webhooks.crm.url: ::1 is no public address: if it is meant, name its network in allow_networks"},
		{", secret: " + whsec, "", "1:12: webhooks.crm.secret: missing: want a secret that the receiver knows as well, given as ${NAME} from the environment: " + makeOne},
		{whsec, "whsec_tooshort", "1:62: webhooks.crm.secret: want whsec_ and base64 of 24 to 64 bytes that nobody can guess: " + makeOne},
		{whsec, strings.TrimPrefix(whsec, "whsec_"), "1:62: webhooks.crm.secret: want whsec_ and base64 of 24 to 64 bytes that nobody can guess: " + makeOne},
		{whsec, fmt.Sprintf("[%s, %[1]s, %[1]s]", whsec), "1:54: webhooks.crm.secret: 3 secrets: want one, or two while one takes the other's place"},
		{"url", "allow_networks: [10.1.2.3/8], url", `1:35: webhooks.crm.allow_networks[0]: "10.1.2.3/8": want a network, as 10.1.0.0/16 or 127.0.0.1/32`},
		{"url", "adress: x, url", "1:18: webhooks.crm.adress: unknown key: want one of url, secret, allow_http, allow_networks, concurrency"},
	} {
		text := "webhooks: {crm: " + strings.Replace(good, x.was, x.is, 1) + "}"
		_, err := Parse("f", []byte(text), environment())
		if err == nil || err.Error() != "f:"+x.want {
			t.Errorf("%s\ngot  %v\nwant f:%s", text, err, x.want)
		}
	}
	_, err := Parse("f", []byte("webhooks: {crm: "+good+"}\naccounts: {q: "+strings.Replace(account, "api_key", "webhook: {to: crn}, api_key", 1)+"}"), environment())
	const want = `f:2:47: accounts.q.webhook.to: unknown receiver "crn": want one of the configuration's webhooks, crm`
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	var none webhook.Secret
	if none.UnmarshalText([]byte("")) == nil {
		t.Error("an empty secret is taken")
	}
}
