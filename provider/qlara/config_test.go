package qlara

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestCheckNamesEveryMistake(t *testing.T) {
	all := Config{
		BaseURL:  "ftp://user:hunter2@example.com/?key=1",
		APIKey:   provider.NewSecret("hunter2 hunter2"),
		WhatsApp: &WhatsApp{},
		RCS:      &RCS{AgentID: -1},
		SMS:      &SMS{Sender: "a name that is too long"},
	}
	with := func(n Notifications) Config {
		c := account("http://127.0.0.1:9090")
		c.WhatsApp.Notifications, c.RCS.Notifications, c.SMS.Notifications = n, n, n
		return c
	}
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090"), nil},
		{"default address", account(""), nil},
		{"all wrong", all, []string{"base_url", "api_key", "whatsapp.phone_number_id", "rcs.agent_id", "sms.sender"}},
		{"nobody is notified, and nobody waits", with(Notifications{Receipts: "none", Enable: new(bool)}), nil},
		{"nobody is notified", with(Notifications{Receipts: "expected", Enable: new(bool)}), []string{"whatsapp.enable_notification", "rcs.enable_notification", "sms.enable_notification"}},
		{"empty", Config{}, []string{"api_key", "whatsapp"}},
	} {
		providertest.CheckProblems(t, c.name, c.config.Check(), c.want)
	}
	_, err := New(all, nil)
	providertest.CheckRefused(t, all, err, "hunter2", "hunter2 ")
}

func TestSupports(t *testing.T) {
	full := adapter(t)
	onlySMS := providertest.Made(t, New, Config{APIKey: provider.NewSecret(secret), SMS: &SMS{Sender: "MyBrand"}})
	media := func(m campaign.Media) campaign.Content { return campaign.Content{Media: &m} }
	template := func(tp campaign.Template) campaign.Content { return campaign.Content{Template: &tp} }
	button := func(s campaign.Suggestion) campaign.Content {
		return campaign.Content{Text: "Ciao", Suggestions: []campaign.Suggestion{s}}
	}
	url := campaign.Suggestion{Type: "url", Text: "Sito", Value: "https://example.com"}
	for _, c := range []struct {
		name    string
		p       *Provider
		channel campaign.Channel
		content campaign.Content
		wrong   int
	}{
		{"whatsapp template", full, campaign.WhatsApp, template(campaign.Template{ID: 42, MediaURL: "https://example.com/{x}"}), 0},
		{"whatsapp text", full, campaign.WhatsApp, campaign.Content{Text: "Ciao {nome}"}, 0},
		{"whatsapp image", full, campaign.WhatsApp, media(campaign.Media{Kind: "image", URL: "https://example.com", Caption: "x"}), 0},
		{"whatsapp sticker", full, campaign.WhatsApp, media(campaign.Media{Kind: "sticker", Key: "k"}), 0},
		{"whatsapp location", full, campaign.WhatsApp, campaign.Content{Location: &campaign.Location{Latitude: "45.4", Longitude: "9.2"}}, 0},
		{"whatsapp reaction", full, campaign.WhatsApp, campaign.Content{Reaction: &campaign.Reaction{MessageID: "wamid", Emoji: "👍"}}, 0},
		{"rcs template", full, campaign.RCS, template(campaign.Template{ID: 10}), 0},
		{"rcs text", full, campaign.RCS, button(url), 0},
		{"sms", full, campaign.SMS, campaign.Content{Text: "Ciao"}, 0},

		{"template by name", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", Parameters: []string{"x"}}), 3},
		{"whatsapp nothing", full, campaign.WhatsApp, campaign.Content{}, 1},
		{"whatsapp suggestions", full, campaign.WhatsApp, button(url), 1},
		{"media of no kind, from nowhere", full, campaign.WhatsApp, media(campaign.Media{Kind: "hologram", Filename: "x"}), 3},
		{"audio with caption from two places", full, campaign.WhatsApp, media(campaign.Media{Kind: "audio", URL: "u", Key: "k", Caption: "c"}), 2},
		{"location nowhere", full, campaign.WhatsApp, campaign.Content{Location: &campaign.Location{}}, 1},
		{"reaction to nothing", full, campaign.WhatsApp, campaign.Content{Reaction: &campaign.Reaction{}}, 1},
		{"rcs template with media", full, campaign.RCS, template(campaign.Template{ID: 10, MediaURL: "u"}), 1},
		{"rcs media", full, campaign.RCS, media(campaign.Media{Kind: "image", URL: "u"}), 1},
		{"rcs reply without words", full, campaign.RCS, button(campaign.Suggestion{Type: "reply"}), 2},
		{"sms template", full, campaign.SMS, template(campaign.Template{ID: 1}), 1},
		{"sms suggestions", full, campaign.SMS, button(url), 1},
		{"sms media", full, campaign.SMS, media(campaign.Media{Kind: "image", URL: "u"}), 1},
		{"no whatsapp here", onlySMS, campaign.WhatsApp, campaign.Content{Text: "Ciao"}, 1},
		{"no rcs here", onlySMS, campaign.RCS, campaign.Content{Text: "Ciao"}, 1},
	} {
		providertest.CheckSupports(t, c.name, c.p, campaign.Leg{Channel: c.channel, Content: c.content}, c.wrong)
	}
}

// What Supports lets pass is sent; what has no request is never made one.
func TestUnsendable(t *testing.T) {
	for name, a := range map[string]campaign.Attempt{
		"sms with media":     {Channel: campaign.SMS, Content: campaign.Content{Media: &campaign.Media{Kind: "image", URL: "u"}}},
		"sms template":       {Channel: campaign.SMS, Content: campaign.Content{Template: &campaign.Template{ID: 1}}},
		"rcs location":       {Channel: campaign.RCS, Content: campaign.Content{Location: &campaign.Location{}}},
		"rcs reply":          {Channel: campaign.RCS, Content: campaign.Content{Text: "x", Suggestions: []campaign.Suggestion{{Type: "reply"}}}},
		"whatsapp hologram":  {Channel: campaign.WhatsApp, Content: campaign.Content{Media: &campaign.Media{Kind: "hologram"}}},
		"a channel too many": {Channel: 9, Content: campaign.Content{Text: "x"}},
	} {
		providertest.CheckUnsendable(t, name, adapter(t), a, provider.Misconfigured)
	}
}
