package qlara

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

func TestCheckNamesEveryMistake(t *testing.T) {
	all := Config{
		BaseURL:  "ftp://user:hunter2@example.com/?key=1",
		APIKey:   provider.NewSecret("hunter2 hunter2"),
		WhatsApp: &WhatsApp{},
		RCS:      &RCS{AgentID: -1},
		SMS:      &SMS{Sender: "a name that is too long"},
	}
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090"), nil},
		{"default address", account(""), nil},
		{"all wrong", all, []string{"base_url", "api_key", "whatsapp.phone_number_id", "rcs.agent_id", "sms.sender"}},
		{"empty", Config{}, []string{"api_key", "whatsapp"}},
	} {
		var got []string
		for _, p := range c.config.Check() {
			got = append(got, p.Path)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", c.name, diff)
		}
	}
	_, err := New(all, nil)
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "sms.sender") {
		t.Errorf("New: error %v; want one that names every mistake and no secret", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if s := fmt.Sprintf(verb, all); strings.Contains(s, "hunter2 ") {
			t.Errorf("%s shows the key", verb)
		}
	}
}

func TestSender(t *testing.T) {
	for sender, want := range map[string]bool{
		"MyBrand": true, "My Brand 24": true, "A": true, "+393401234567": true, "48100": true,
		"": false, "My Brand 2024": false, " Brand": false, "Brànd": false, "My-Brand": false, "12": false, "+0340123456": false, "Brand\n": false,
	} {
		if got := validSender(sender); got != want {
			t.Errorf("sender %q: valid %t, want %t", sender, got, want)
		}
	}
}

func TestSupports(t *testing.T) {
	full := adapter(t)
	onlySMS, err := New(Config{APIKey: provider.NewSecret(secret), SMS: &SMS{Sender: "MyBrand"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
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
		got := c.p.Supports(campaign.Leg{Channel: c.channel, Content: c.content})
		if len(got) != c.wrong {
			t.Errorf("%s: %d problems, want %d: %q", c.name, len(got), c.wrong, got)
		}
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
		got := adapter(t).Send(t.Context(), a, func() error { t.Errorf("%s: the gate was asked", name); return nil })
		if got.Kind != provider.Misconfigured || got.Scope != provider.LaneScope || got.Reason == "" {
			t.Errorf("%s: %+v, want a misconfigured lane", name, got)
		}
	}
}
