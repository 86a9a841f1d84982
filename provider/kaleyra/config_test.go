package kaleyra

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestCheckNamesEveryMistake(t *testing.T) {
	t.Parallel()
	all := Config{
		BaseURL:  "https://user:hunter2@api.kaleyra.io",
		SID:      "a/b",
		APIKey:   provider.NewSecret("hunter2 hunter2"),
		WhatsApp: &WhatsApp{From: "12025550123", CallbackProfileID: "a b"},
		RCS:      &RCS{},
		SMS:      &SMS{Sender: "a name that is too long", CallbackProfileID: "&"},
	}
	regionless := account("https://api.kaleyra.io")
	withoutRCS := regionless
	withoutRCS.RCS = nil
	credentials, half := account("http://127.0.0.1:9090"), account("http://127.0.0.1:9090")
	credentials.Credentials = provider.Credentials{Header: "X-Cascade", HeaderValue: provider.NewSecret("s")}
	half.HeaderValue = provider.NewSecret("s")
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090"), nil},
		{"of a region", account("https://api.in.kaleyra.io/"), nil},
		{"without a region", withoutRCS, nil},
		{"rcs without a region", regionless, []string{"base_url"}},
		{"all wrong", all, []string{"base_url", "sid", "api_key", "whatsapp.from", "whatsapp.callback_profile_id", "rcs.from", "sms.sender", "sms.callback_profile_id"}},
		{"credentials of callbacks", credentials, nil},
		{"half of them", half, []string{"callback_header_value"}},
		{"empty", Config{}, []string{"base_url", "sid", "api_key", "whatsapp"}},
	} {
		providertest.CheckProblems(t, c.name, c.config.Check(), c.want)
	}
	_, err := New(all, nil)
	providertest.CheckRefused(t, all, err, "hunter2", "hunter2 ")
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for base, rcs := range map[string]string{
		"https://api.in.kaleyra.io":  "https://rcs-api.in.kaleyra.io/v1/HXAP16XXXXXX97IN/rcs/messages",
		"https://API.na.kaleyra.ai/": "https://rcs-api.na.kaleyra.ai/v1/HXAP16XXXXXX97IN/rcs/messages",
		"http://127.0.0.1:9090/k/":   "http://127.0.0.1:9090/k/v1/HXAP16XXXXXX97IN/rcs/messages",
		"https://kaleyra.io.example": "https://kaleyra.io.example/v1/HXAP16XXXXXX97IN/rcs/messages",
	} {
		p, err := New(account(base), nil)
		if err != nil || p.rcs != rcs {
			t.Errorf("%s: rcs at %q, error %v; want %q", base, p.rcs, err, rcs)
		}
	}
}

func TestSupports(t *testing.T) {
	t.Parallel()
	full := adapter(t)
	config := account("https://api.kaleyra.io")
	config.WhatsApp, config.RCS = nil, nil
	onlySMS := providertest.Made(t, New, config)
	media := func(m campaign.Media) campaign.Content { return campaign.Content{Media: &m} }
	template := func(tp campaign.Template) campaign.Content { return campaign.Content{Template: &tp} }
	named := func(parameters ...string) campaign.Content {
		return template(campaign.Template{Name: "promo", Language: "it", Parameters: parameters})
	}
	button := campaign.Content{Text: "Ciao", Suggestions: []campaign.Suggestion{{Type: "url", Text: "Sito", Value: "https://example.com"}}}
	for _, c := range []struct {
		name    string
		p       *Provider
		channel campaign.Channel
		content campaign.Content
		wrong   int
	}{
		{"template", full, campaign.WhatsApp, named("{nome}", "{cognome, nome} x"), 0},
		{"template with media", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", MediaURL: "https://example.com/a,b"}), 0},
		{"text", full, campaign.WhatsApp, campaign.Content{Text: "Ciao {nome}, <b>ciao</b>"}, 0},
		{"image", full, campaign.WhatsApp, media(campaign.Media{Kind: "image", URL: "https://example.com", Caption: "a, b"}), 0},
		{"rcs", full, campaign.RCS, campaign.Content{Text: "Ciao"}, 0},
		{"sms", full, campaign.SMS, campaign.Content{Text: "Ciao"}, 0},

		{"template with a button", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", Buttons: []string{"{codice}"}}), 0},
		{"template with two buttons and a header", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", Header: "x", Buttons: []string{"a", "b"}}), 2},
		{"a comma in a parameter", full, campaign.WhatsApp, named("{nome}", "Ciao, {nome}"), 1},
		{"a comma and a tag", full, campaign.WhatsApp, named("a,b <br>"), 2},
		{"template by number", full, campaign.WhatsApp, template(campaign.Template{ID: 42, Placeholders: []string{"nome"}}), 3},
		{"nothing", full, campaign.WhatsApp, campaign.Content{}, 1},
		{"location", full, campaign.WhatsApp, campaign.Content{Location: &campaign.Location{Latitude: "1", Longitude: "2"}}, 1},
		{"whatsapp suggestions", full, campaign.WhatsApp, button, 1},
		{"sticker by its key with a name", full, campaign.WhatsApp, media(campaign.Media{Kind: "sticker", Key: "k", Filename: "x"}), 3},
		{"audio with a caption", full, campaign.WhatsApp, media(campaign.Media{Kind: "audio", URL: "u", Caption: "<b>c</b>"}), 2},
		{"rcs template", full, campaign.RCS, named(), 1},
		{"rcs suggestions", full, campaign.RCS, button, 1},
		{"sms template", full, campaign.SMS, named(), 1},
		{"no whatsapp here", onlySMS, campaign.WhatsApp, campaign.Content{Text: "Ciao"}, 1},
		{"no rcs here", onlySMS, campaign.RCS, campaign.Content{Text: "Ciao"}, 1},
	} {
		providertest.CheckSupports(t, c.name, c.p, campaign.Leg{Channel: c.channel, Content: c.content}, c.wrong)
	}
	simulated := campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "x"}, Simulation: true}
	providertest.CheckSupports(t, "a simulation", full, simulated, 1)
}
