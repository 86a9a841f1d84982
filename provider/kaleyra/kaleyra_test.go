package kaleyra

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

const secret = "K3y-of-the-account"

func TestConformance(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Kit{
		Provider:  "kaleyra",
		New:       opened(func(*Config) {}),
		Secrets:   []string{secret},
		Sends:     sends(),
		Answers:   documentedAnswers(),
		Callbacks: callbacks(),
		Refusal: func(words string) []byte {
			return providertest.JSON(map[string]any{"data": []any{}, "error": map[string]string{"reason": words}})
		},
		Aside: map[string]string{
			"sms-request-inline-callback": "the older address of SMS: the present one names a callback profile instead, which can bear credentials",
		},
	})
}

const profile = "IN_09b3dfa7-e05d-4d84-ab2d-6ed654272XXX"

// account has the senders of the examples, as far as they are any.
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

// opened makes an adapter of the account with a change.
func opened(change func(*Config)) providertest.Open {
	return func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
		c := account(baseURL)
		change(&c)
		return New(c, client)
	}
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

var attempt = providertest.AttemptID

const answeredID = "cc8074ae-990d-40f5-b604-115XXXe2ab32:0"

// sends has the numbers of the examples as they are, X and all. No request of ours names
// a callback_url: statuses go to a profile, which can bear credentials.
func sends() []providertest.Send {
	const person = "+12025550199"
	row := campaign.Variables{"one": "param1", "two": "param2", "nome": "Raman"}
	send := func(example, path, leg string, to campaign.Destination, ours map[string]any) providertest.Send {
		return providertest.Send{
			Example: example, Leg: leg, To: to, Row: row, Ours: ours,
			Path:   "/v1/HXAP16XXXXXX97IN" + path,
			Header: map[string]string{"api-key": secret, "Content-Type": provider.FormType},
			Yes:    "whatsapp-response", // of SMS and RCS no answer is documented
			Want:   provider.Outcome{Kind: provider.Accepted, ProviderID: answeredID},
		}
	}
	whatsapp := func(example, leg string, to campaign.Destination, ours map[string]any) providertest.Send {
		s := send(example, "/messages", "channel: whatsapp, "+leg, to, map[string]any{"from": "+12025550123", "ref": attempt.String()})
		maps.Copy(s.Ours, ours)
		return s
	}
	undocumented := func(name, leg string, ours map[string]any) providertest.Send {
		s := whatsapp("", leg, person, map[string]any{"to": person, "channel": "whatsapp"})
		s.Name = name
		maps.Copy(s.Ours, ours)
		return s
	}
	sandbox := whatsapp("whatsapp-sandbox-template-request", `template: {name: british_council, language: en, parameters: ["{nome}"]}`, "+XXXXXXXXXXXX",
		map[string]any{"callback_url": nil, "to": "+XXXXXXXXXXXX", "lang_code": "en"}) // a language is always said
	sandbox.New = opened(func(c *Config) { c.WhatsApp.Sandbox = true })
	sms := send("sms-request", "/sms", `channel: sms, text: "Hello, this is your first SMS."`, "+91XXXXXXXXXX", map[string]any{
		"flash": nil, "time": nil, "prefix": nil, // it is sent when its time has come, to a whole number
		"ref_custom": "['" + attempt.String() + "']",
	})
	rcs := send("rcs-text-request", "/rcs/messages", `channel: rcs, text: Hello`, "+9191588XXXXX", nil)
	rcs.Header = map[string]string{"api-key": secret, "Content-Type": "application/json"}
	return []providertest.Send{
		whatsapp("whatsapp-text-request", `text: "Hi, Your order has been shipped."`, "+1202XXXXXXX",
			map[string]any{"callback_url": nil, "ref1": nil, "ref2": nil}),
		whatsapp("whatsapp-template-request", `template: {name: booking_confirm, language: en, parameters: ["{one}", "{two}", param3]}`, "+91XXXXXXXXXX",
			map[string]any{"callback_url": nil}),
		sandbox,
		undocumented("template with media and a button", `template: {name: sale, language: en, parameters: [], media_url: "https://example.com/h.png", buttons: ["{one}"]}`,
			map[string]any{"type": "template", "template_name": "sale", "lang_code": "en", "media_url": "https://example.com/h.png", "param_url": "param1"}),
		undocumented("media", `body: {image: {url: "https://example.com/i.png", caption: "a, b & c = d"}}`,
			map[string]any{"type": "media", "media_url": "https://example.com/i.png", "caption": "a, b & c = d"}),
		sms,
		rcs,
	}
}

// TestCredentialsOfCallbacks asks for what a profile was told to send along, in every
// shape of a callback.
func TestCredentialsOfCallbacks(t *testing.T) {
	t.Parallel()
	config := account(providertest.Nowhere)
	config.Credentials = provider.Credentials{Header: "X-Cascade", HeaderValue: provider.NewSecret("hush")}
	p := providertest.Made(t, New, config)
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/?id=x:0&status=sent", nil),
		providertest.Post(provider.FormType, "id=x:0&status=sent"),
		providertest.Post(provider.JSONType, `{"id":"x:0","status":"sent"}`),
	} {
		without := r.Clone(t.Context())
		if receipts, ack, err := p.Receipts(without); !errors.Is(err, provider.ErrNotAuthentic) || len(receipts) != 0 || ack.Status != http.StatusUnauthorized {
			t.Errorf("%s without the header: %d receipts, ack %+v, error %v", r.Method, len(receipts), ack, err)
		}
		r.Header.Set("X-Cascade", "hush")
		if receipts, _, err := p.Receipts(r); err != nil || len(receipts) != 1 {
			t.Errorf("%s with the header: %d receipts, error %v", r.Method, len(receipts), err)
		}
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
