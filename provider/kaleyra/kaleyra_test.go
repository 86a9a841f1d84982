package kaleyra

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

const secret = "K3y-of-the-account"

func TestConformance(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Kit{
		New: func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
			return New(account(baseURL), client)
		},
		Secrets:   []string{secret},
		Sends:     sends(t),
		Answers:   documentedAnswers(t),
		Callbacks: callbacks(t),
		Refusal: func(words string) []byte {
			return providertest.JSON(map[string]any{"data": []any{}, "error": map[string]string{"reason": words}})
		},
	})
}

const profile = "IN_09b3dfa7-e05d-4d84-ab2d-6ed654272XXX"

func account(baseURL string) Config {
	return Config{
		BaseURL:  baseURL,
		SID:      "HXAP16XXXXXX97IN",
		APIKey:   provider.NewSecret(secret),
		WhatsApp: &WhatsApp{From: "+12025550123"},
		RCS:      &RCS{From: "rcs-test"},
		SMS:      &SMS{Sender: "KLRHXA", CallbackProfileID: profile},
	}
}

// part is a part of an example that is not JSON on the wire: its form or its query.
func part(t testing.TB, name, key string) []byte {
	t.Helper()
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(providertest.Example(t, name), &parts); err != nil || parts[key] == nil {
		t.Fatalf("example %s has no %s: %v", name, key, err)
	}
	return parts[key]
}

// encoded is a part of an example as it is on the wire.
func encoded(t testing.TB, name, key string) []byte {
	t.Helper()
	var fields map[string]string
	if err := json.Unmarshal(part(t, name, key), &fields); err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for field, value := range fields {
		values.Set(field, value)
	}
	return []byte(values.Encode())
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

// attempt is the first try of the campaign's message on its second leg.
var attempt = campaign.IDKey{1}.Message("spring-sale", "+12025550199", "").Attempt(1, 0)

const answeredID = "cc8074ae-990d-40f5-b604-115XXXe2ab32:0"

func form(name, path string, example []byte, a campaign.Attempt, yes []byte, ours map[string]any) providertest.Send {
	a.ID, a.CampaignID = attempt, "spring-sale"
	return providertest.Send{
		Name:    name,
		Attempt: a,
		Path:    "/v1/HXAP16XXXXXX97IN" + path,
		Header:  map[string]string{"api-key": secret, "Content-Type": provider.FormType},
		Example: example,
		Ours:    ours,
		Yes:     yes,
		Want:    provider.Outcome{Kind: provider.Accepted, ProviderID: answeredID},
	}
}

// sends has the numbers of the examples as they are, X and all. No request names a
// callback_url: statuses go to a profile.
func sends(t *testing.T) []providertest.Send {
	yes := providertest.Example(t, "whatsapp-response")
	from := func(more map[string]any) map[string]any {
		more["from"], more["callback_url"], more["ref"] = "+12025550123", nil, attempt.String()
		return more
	}
	whatsapp := func(name, to string, c campaign.Content, more map[string]any) providertest.Send {
		return form(name, "/messages", part(t, name, "form"),
			campaign.Attempt{Channel: campaign.WhatsApp, To: campaign.Destination(to), Content: c}, yes, from(more))
	}
	media := form("media", "/messages", []byte("{}"), campaign.Attempt{Channel: campaign.WhatsApp, To: "+12025550199", Content: campaign.Content{
		Media: &campaign.Media{Kind: "image", URL: "https://example.com/i.png", Caption: "a, b & c = d"},
	}}, yes, from(map[string]any{
		"to": "+12025550199", "type": "media", "channel": "whatsapp", "media_url": "https://example.com/i.png", "caption": "a, b & c = d",
	}))
	rcs := form("rcs-text-request", "/rcs/messages", providertest.Example(t, "rcs-text-request"), campaign.Attempt{
		Channel: campaign.RCS, To: "+9191588XXXXX", Content: campaign.Content{Text: "Hello"},
	}, yes, nil)
	rcs.Header = map[string]string{"api-key": secret, "Content-Type": "application/json"}
	return []providertest.Send{
		whatsapp("whatsapp-text-request", "+1202XXXXXXX", campaign.Content{Text: "Hi, Your order has been shipped."},
			map[string]any{"ref1": nil, "ref2": nil}),
		whatsapp("whatsapp-template-request", "+91XXXXXXXXXX", campaign.Content{Template: &campaign.Template{
			Name: "booking_confirm", Language: "en", Parameters: []string{"param1", "param2", "param3"},
		}}, map[string]any{}),
		whatsapp("whatsapp-sandbox-template-request", "+XXXXXXXXXXXX", campaign.Content{Template: &campaign.Template{
			Name: "british_council", Parameters: []string{"Raman"}, MediaURL: "https://example.com/h.png",
		}}, map[string]any{"to": "+XXXXXXXXXXXX", "source": nil, "media_url": "https://example.com/h.png"}),
		media,
		form("sms-request", "/sms", part(t, "sms-request", "form"), campaign.Attempt{
			Channel: campaign.SMS, To: "+91XXXXXXXXXX", Content: campaign.Content{Text: "Hello, this is your first SMS."},
		}, yes, map[string]any{"flash": nil, "time": nil, "prefix": nil, "ref_custom": "['" + attempt.String() + "']"}),
		rcs,
	}
}

func TestCommaInAValue(t *testing.T) {
	t.Parallel()
	a := campaign.Attempt{ID: attempt, Channel: campaign.WhatsApp, To: "+12025550199", Content: campaign.Content{
		Template: &campaign.Template{Name: "n", Language: "en", Parameters: []string{"Anna", "Rossi, Anna"}},
	}}
	got := adapter(t).Send(t.Context(), a, func() error { t.Error("the gate was asked"); return nil })
	want := provider.Outcome{Kind: provider.Refused, Reason: "parameter 2 holds a comma, which Kaleyra's list of parameters cannot carry"}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What has no request is never made one.
func TestUnsendable(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]campaign.Attempt{
		"sms with media":     {Channel: campaign.SMS, Content: campaign.Content{Media: &campaign.Media{Kind: "image", URL: "u"}}},
		"rcs template":       {Channel: campaign.RCS, Content: campaign.Content{Template: &campaign.Template{Name: "n"}}},
		"whatsapp location":  {Channel: campaign.WhatsApp, Content: campaign.Content{Location: &campaign.Location{}}},
		"whatsapp media key": {Channel: campaign.WhatsApp, Content: campaign.Content{Media: &campaign.Media{Kind: "image", Key: "k"}}},
		"a channel too many": {Channel: 9, Content: campaign.Content{Text: "x"}},
	} {
		providertest.CheckUnsendable(t, name, adapter(t), a, provider.Misconfigured)
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	for _, channel := range campaign.Channels() {
		if got := adapter(t).Class(channel); got != provider.None {
			t.Errorf("%s: class %s, want none", channel, got)
		}
	}
}
