package wab

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
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
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090/"), nil},
		{"all wrong", all, []string{"base_url", "username", "password", "rcs", "whatsapp.source", "sms.source"}},
		{"empty", Config{}, []string{"base_url", "username", "password", "whatsapp"}},
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
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "sms.source") {
		t.Errorf("New: error %v; want one that names every mistake and no secret", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if s := fmt.Sprintf(verb, all); strings.Contains(s, "hunter2") {
			t.Errorf("%s shows the password", verb)
		}
	}
}

func TestSupports(t *testing.T) {
	t.Parallel()
	full := adapter(t)
	config := account("https://api.example.com")
	config.WhatsApp = nil
	onlySMS, err := New(config, nil)
	if err != nil {
		t.Fatal(err)
	}
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
		got := c.p.Supports(campaign.Leg{Channel: c.channel, Content: c.content})
		if len(got) != c.wrong {
			t.Errorf("%s: %d problems, want %d: %q", c.name, len(got), c.wrong, got)
		}
	}
	rcs := full.Supports(campaign.Leg{Channel: campaign.RCS, Content: campaign.Content{Text: "Kia ora"}})
	if len(rcs) != 1 || !strings.Contains(rcs[0], "no RCS") {
		t.Errorf("an rcs leg: %q, want that there is none", rcs)
	}
}
