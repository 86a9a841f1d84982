package wab

import (
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestCheckNamesEveryMistake(t *testing.T) {
	t.Parallel()
	all := Config{
		BaseURL:  "https://api.example.com/rest/wab/v1",
		Username: "a:b",
		Password: provider.NewSecret("hunter2\n"),
		WhatsApp: &WhatsApp{Source: "+64211234567"},
		RCS:      &struct{}{},
		SMS:      &SMS{Source: "a name that is too long"},
	}
	with := func(s SMS) Config {
		c := account("http://127.0.0.1:9090")
		c.SMS = &s
		return c
	}
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090/"), nil},
		{"all wrong", all, []string{"base_url", "username", "password", "rcs", "whatsapp.source", "sms.source"}},
		{"sms of a class", with(SMS{Class: "mt_message"}), nil},
		{"sms of a class and a source", with(SMS{Class: "mt_message", Source: "4811"}), []string{"sms.class"}},
		{"sms of two words", with(SMS{Class: "mt message"}), []string{"sms.class"}},
		{"empty", Config{}, []string{"base_url", "username", "password", "whatsapp"}},
	} {
		providertest.CheckProblems(t, c.name, c.config.Check(), c.want)
	}
	_, err := New(all, nil)
	providertest.CheckRefused(t, all, err, "hunter2", "hunter2")
}

func TestSupports(t *testing.T) {
	t.Parallel()
	full := adapter(t)
	config := account("https://api.example.com")
	config.WhatsApp = nil
	onlySMS := providertest.Made(t, New, config)
	media := func(m campaign.Media) campaign.Content { return campaign.Content{Media: &m} }
	template := func(mediaURL string, parameters ...string) campaign.Content {
		return campaign.Content{Template: &campaign.Template{Name: "promo", Language: "en", MediaURL: mediaURL, Parameters: parameters}}
	}
	button := campaign.Content{Text: "Kia ora", Suggestions: []campaign.Suggestion{{Type: "url", Text: "Site", Value: "https://example.com"}}}
	for _, c := range []struct {
		name    string
		p       *Provider
		channel campaign.Channel
		content campaign.Content
		wrong   int
	}{
		{"template", full, campaign.WhatsApp, template("", "{name}", "a, b"), 0},
		{"template with media", full, campaign.WhatsApp, template("https://example.com/i.png"), 0},
		{"template with media of each", full, campaign.WhatsApp, template("https://example.com/{file}"), 0},
		{"text", full, campaign.WhatsApp, campaign.Content{Text: "Kia ora {name}"}, 0},
		{"document", full, campaign.WhatsApp, media(campaign.Media{Kind: "document", URL: "u", Filename: "f.pdf", Caption: "c"}), 0},
		{"sms", full, campaign.SMS, campaign.Content{Text: "Kia ora"}, 0},

		{"rcs", full, campaign.RCS, campaign.Content{Text: "Kia ora"}, 1},
		{"template of which nobody knows the file", full, campaign.WhatsApp, template("https://example.com/file"), 1},
		{"template by number", full, campaign.WhatsApp, campaign.Content{Template: &campaign.Template{ID: 42, Placeholders: []string{"x"}}}, 3},
		{"nothing", full, campaign.WhatsApp, campaign.Content{}, 1},
		{"location", full, campaign.WhatsApp, campaign.Content{Location: &campaign.Location{Latitude: "1", Longitude: "2"}}, 1},
		{"suggestions", full, campaign.WhatsApp, button, 1},
		{"hologram from nowhere with a name", full, campaign.WhatsApp, media(campaign.Media{Kind: "hologram", Filename: "x"}), 3},
		{"sticker with a caption from two places", full, campaign.WhatsApp, media(campaign.Media{Kind: "sticker", URL: "u", Key: "k", Caption: "c"}), 2},
		{"sms template", full, campaign.SMS, template(""), 1},
		{"sms suggestions", full, campaign.SMS, button, 1},
		{"no whatsapp here", onlySMS, campaign.WhatsApp, campaign.Content{Text: "Kia ora"}, 1},
	} {
		providertest.CheckSupports(t, c.name, c.p, campaign.Leg{Channel: c.channel, Content: c.content}, c.wrong)
	}
	simulated := campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "x"}, Simulation: true}
	providertest.CheckSupports(t, "a simulation", full, simulated, 1)
	rcs := full.Supports(campaign.Leg{Channel: campaign.RCS, Content: campaign.Content{Text: "Kia ora"}})
	if len(rcs) != 1 || !strings.Contains(rcs[0], "no RCS") {
		t.Errorf("an rcs leg: %q, want that there is none", rcs)
	}
}
