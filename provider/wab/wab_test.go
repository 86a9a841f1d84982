package wab

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

const (
	secret      = "pa:ss w0rd"
	credentials = "YXBwOnBhOnNzIHcwcmQ=" // of app:pa:ss w0rd
)

func TestConformance(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Kit{
		Provider:  "wab",
		New:       opened(func(*Config) {}),
		Secrets:   []string{secret, credentials},
		Sends:     sends(),
		Answers:   documentedAnswers(),
		Callbacks: callbacks(),
		Refusal: func(words string) []byte {
			return providertest.JSON([]any{map[string]string{"id": "x", "status": words}})
		},
		Aside: map[string]string{
			"sms-v2-send-request":     "of the second version only the recipient and the text are documented: no sender, no reference, no answer",
			"broadcast-request":       "many people in one request: one request is one person here",
			"broadcast-response":      "likewise",
			"media-upload-response":   "files are uploaded by hand; the campaign names the id",
			"get-message-mt-response": "an answer to a question about a message, not to a send",
		},
	})
}

// opened makes an adapter of the examples' account with a change.
func opened(change func(*Config)) providertest.Open {
	return func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
		c := account(baseURL)
		change(&c)
		return New(c, client)
	}
}

// account has the WhatsApp source of most examples.
func account(baseURL string) Config {
	return Config{
		BaseURL:  baseURL,
		Username: "app",
		Password: provider.NewSecret(secret),
		WhatsApp: &WhatsApp{Source: "1234567890"},
		SMS:      &SMS{Source: "4811"},
	}
}

func adapter(t testing.TB) *Provider {
	t.Helper()
	return providertest.Made(t, New, account(providertest.Nowhere))
}

var attempt = providertest.AttemptID

const answeredID = "b95fc11e-37f0-4770-a082-6ea22d4c4d12"

// sends are the examples with our reference in them, and what none shows.
func sends() []providertest.Send {
	whatsapp := func(example, leg string, to campaign.Destination) providertest.Send {
		return providertest.Send{
			Example: example, Leg: "channel: whatsapp, " + leg, To: to, Row: campaign.Variables{"nome": "Ada"},
			Path:   "/rest/wab/v1/messages",
			Header: map[string]string{"Authorization": "Basic " + credentials, "Content-Type": "application/json", "Accept": "application/json"},
			Ours:   map[string]any{"reference": attempt.String()},
			Yes:    "send-response",
			Want:   provider.Outcome{Kind: provider.Accepted, ProviderID: answeredID},
		}
	}
	const to, source = "+64123456879", "1234567890"
	undocumented := func(kind, leg string, content map[string]any) providertest.Send {
		s := whatsapp("", leg, to)
		s.Name, s.Ours = kind, map[string]any{"reference": attempt.String(), "destination": to, "source": source, "type": kind, kind: content}
		return s
	}
	template := whatsapp("send-template-request",
		`template: {name: sample_flight_confirmation, language: en_US, parameters: [Home, Away, December 23rd], media_url: "https://www.w3.org/WAI/ER/tests/xhtml/testfiles/resources/pdf/dummy.pdf"}`, "+64123456789")
	template.New = opened(func(c *Config) { c.WhatsApp.Source = "167141142137144145111111" })
	sms := whatsapp("sms-v1-send-request", "", "+642123456789")
	sms.Leg = `channel: sms, text: "Hello, this is a test message!"`
	sms.Path, sms.Yes, sms.Want.ProviderID = "/rest/gateway/messages", "sms-v1-send-response", "654321"
	sms.Header = map[string]string{"Authorization": "Basic " + credentials, "Accept": "application/vnd.modica.gateway.v1+json"}
	sms.New = opened(func(c *Config) { c.SMS = &SMS{Class: "mt_message"} })
	named := sms
	named.Name, named.New = "sms of a named sender", nil
	named.Ours = map[string]any{"reference": attempt.String(), "class": nil, "source": "4811"}
	return []providertest.Send{
		whatsapp("send-text-request", "text: Hello", to), template, sms, named,
		undocumented("template", `template: {name: sale, language: en, header: "{nome}"}`, map[string]any{
			"name": "sale", "language": map[string]any{"policy": "", "code": "en"},
			"components": []any{map[string]any{"type": "header", "parameters": []any{map[string]any{"type": "text", "text": "Ada"}}}},
		}),
		undocumented("image", `body: {image: {url: "https://example.com/i", caption: c}}`, map[string]any{"link": "https://example.com/i", "caption": "c"}),
		undocumented("video", `body: {video: {key: k}}`, map[string]any{"id": "k"}),
		undocumented("audio", `body: {audio: {url: u}}`, map[string]any{"link": "u"}),
		undocumented("document", `body: {document: {url: u, filename: f.pdf}}`, map[string]any{"link": "u", "filename": "f.pdf"}),
		undocumented("sticker", `body: {sticker: {key: k}}`, map[string]any{"id": "k"}),
	}
}

func TestTemplateHeaders(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://example.com/i.JPG?size=1.pdf": `[{"type":"header","parameters":[{"type":"image","image":{"link":"https://example.com/i.JPG?size=1.pdf"}}]}]`,
		"https://example.com/v.mp4":            `[{"type":"header","parameters":[{"type":"video","video":{"link":"https://example.com/v.mp4"}}]}]`,
		"https://example.com/d.pdf":            `[{"type":"header","parameters":[{"type":"document","document":{"link":"https://example.com/d.pdf"}}]}]`,
		"":                                     `null`,
	} {
		got, err := newTemplate(campaign.Template{Name: "n", Language: "en", MediaURL: address})
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if diff := cmp.Diff(want, string(providertest.JSON(got.Components))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
	empty, err := newTemplate(campaign.Template{Name: "n", Language: "en", Parameters: []string{""}})
	if want := `[{"type":"body","parameters":[{"type":"text","text":""}]}]`; err != nil || string(providertest.JSON(empty.Components)) != want {
		t.Errorf("an empty value: %s, error %v; want %s", providertest.JSON(empty.Components), err, want)
	}
}

// What has no request is never made one: for everyone, or for one person's value.
func TestUnsendable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		attempt campaign.Attempt
		want    provider.Kind
	}{
		"sms with media":     {campaign.Attempt{Channel: campaign.SMS, Content: campaign.Content{Media: &campaign.Media{Kind: "image", URL: "u"}}}, provider.Misconfigured},
		"rcs":                {campaign.Attempt{Channel: campaign.RCS, Content: campaign.Content{Text: "x"}}, provider.Misconfigured},
		"whatsapp location":  {campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Location: &campaign.Location{}}}, provider.Misconfigured},
		"whatsapp hologram":  {campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Media: &campaign.Media{Kind: "hologram"}}}, provider.Misconfigured},
		"a file without end": {campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{Name: "n", Language: "en", MediaURL: "https://example.com/x"}}}, provider.Refused},
		"no address":         {campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{Name: "n", Language: "en", MediaURL: ":/\x00.jpg"}}}, provider.Refused},
	} {
		providertest.CheckUnsendable(t, name, adapter(t), c.attempt, c.want)
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
