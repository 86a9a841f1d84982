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
		New: func(baseURL string, client *provider.Client) (providertest.Adapter, error) {
			return New(account(baseURL), client)
		},
		Secrets:   []string{secret, credentials},
		Sends:     sends(t),
		Answers:   documentedAnswers(t),
		Callbacks: callbacks(t),
		Refusal: func(words string) []byte {
			return providertest.JSON([]any{map[string]string{"id": "x", "status": words}})
		},
	})
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

// attempt is the first try of the campaign's message on its second leg.
var attempt = campaign.IDKey{1}.Message("spring-sale", "+64211234567", "").Attempt(1, 0)

const answeredID = "b95fc11e-37f0-4770-a082-6ea22d4c4d12"

func whatsapp(t *testing.T, name, to string, c campaign.Content, ours map[string]any) providertest.Send {
	send := providertest.Send{
		Name:    name,
		Attempt: campaign.Attempt{ID: attempt, CampaignID: "spring-sale", Channel: campaign.WhatsApp, To: campaign.Destination(to), Content: c},
		Path:    "/rest/wab/v1/messages",
		Header:  map[string]string{"Authorization": "Basic " + credentials, "Content-Type": "application/json", "Accept": "application/json"},
		Example: []byte("{}"),
		Ours:    map[string]any{"reference": attempt.String()},
		Yes:     providertest.Example(t, "send-response"),
		Want:    provider.Outcome{Kind: provider.Accepted, ProviderID: answeredID},
	}
	for field, value := range ours {
		send.Ours[field] = value
	}
	return send
}

func sends(t *testing.T) []providertest.Send {
	const to, source = "+64123456879", "1234567890"
	text := whatsapp(t, "send-text-request", to, campaign.Content{Text: "Hello"}, nil)
	text.Example = providertest.Example(t, "send-text-request")
	template := whatsapp(t, "send-template-request", "+64123456789", campaign.Content{Template: &campaign.Template{
		Name: "sample_flight_confirmation", Language: "en_US", Parameters: []string{"Home", "Away", "December 23rd"},
		MediaURL: "https://www.w3.org/WAI/ER/tests/xhtml/testfiles/resources/pdf/dummy.pdf",
	}}, map[string]any{"source": source})
	template.Example = providertest.Example(t, "send-template-request")
	media := func(m campaign.Media, want map[string]any) providertest.Send {
		return whatsapp(t, m.Kind, to, campaign.Content{Media: &m},
			map[string]any{"destination": to, "source": source, "type": m.Kind, m.Kind: want})
	}
	sms := whatsapp(t, "sms-v1-send-request", "+642123456789", campaign.Content{Text: "Hello, this is a test message!"},
		map[string]any{"class": nil, "source": "4811"})
	sms.Attempt.Channel, sms.Path, sms.Example, sms.Yes = campaign.SMS, "/rest/gateway/messages", providertest.Example(t, "sms-v1-send-request"), providertest.Example(t, "sms-v1-send-response")
	sms.Header["Accept"] = "application/vnd.modica.gateway.v1+json"
	sms.Want.ProviderID = "654321"
	return []providertest.Send{
		text, template, sms,
		media(campaign.Media{Kind: "image", URL: "https://example.com/i", Caption: "c"}, map[string]any{"link": "https://example.com/i", "caption": "c"}),
		media(campaign.Media{Kind: "video", Key: "k"}, map[string]any{"id": "k"}),
		media(campaign.Media{Kind: "audio", URL: "u"}, map[string]any{"link": "u"}),
		media(campaign.Media{Kind: "document", URL: "u", Filename: "f.pdf"}, map[string]any{"link": "u", "filename": "f.pdf"}),
		media(campaign.Media{Kind: "sticker", Key: "k"}, map[string]any{"id": "k"}),
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
