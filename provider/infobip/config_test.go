package infobip

import (
	"encoding/json"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func decoded(s string) any {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		panic(err)
	}
	return v
}

func TestCheckNamesEveryMistake(t *testing.T) {
	with := func(change func(*Config)) Config {
		c := account("https://xxxxx.api.infobip.com")
		change(&c)
		return c
	}
	hidden := provider.NewSecret("hunter2 hunter2")
	all := Config{
		BaseURL: "ftp://user:hunter2@example.com/?key=1", APIKey: hidden,
		WhatsApp: &Sender{Sender: "MyBrand"}, RCS: &Sender{Sender: " "}, SMS: &Sender{Sender: "a name that is too long"},
		Credentials: provider.Credentials{Password: hidden}, CallbackHMACKey: hidden, CallbackHMACHeader: "two words",
	}
	for _, c := range []struct {
		name   string
		config Config
		want   []string
	}{
		{"good", account("http://127.0.0.1:9090"), nil},
		{"whatsapp without a plus", with(func(c *Config) { c.WhatsApp.Sender = "441134960000" }), nil},
		{"all credentials", with(func(c *Config) {
			c.CallbackHMACKey, c.CallbackHMACHeader = hidden, "X-Signature"
			c.Credentials = provider.Credentials{User: "u", Password: hidden, Header: "X-Cascade", HeaderValue: hidden}
		}), nil},
		{"all wrong", all, []string{"base_url", "api_key", "whatsapp.sender", "rcs.sender", "sms.sender", "callback_password", "callback_hmac_header"}},
		{"empty", Config{}, []string{"base_url", "api_key", "whatsapp"}},
		{"no rcs sender", with(func(c *Config) { c.RCS.Sender = "" }), []string{"rcs.sender"}},
		{"tracked links", with(func(c *Config) {
			c.SMS.URLOptions = &URLOptions{ShortenURL: true, TrackClicks: true, TrackingURL: provider.NewSecret("https://cascade.example.com/callbacks/infobip/secret"), CustomDomain: "go.example.com"}
		}), nil},
		{"links that nothing comes of", with(func(c *Config) {
			c.WhatsApp.URLOptions = &URLOptions{TrackingURL: provider.NewSecret("https://example.com")}
			c.RCS.URLOptions = &URLOptions{ShortenURL: true, TrackClicks: true, TrackingURL: provider.NewSecret("here"), CustomDomain: "https://x.example"}
		}), []string{"whatsapp.url_options.shorten_url", "whatsapp.url_options.tracking_url", "rcs.url_options.tracking_url", "rcs.url_options.custom_domain"}},
		{"user alone", with(func(c *Config) { c.User = "u" }), []string{"callback_user"}},
		{"key alone", with(func(c *Config) { c.CallbackHMACKey = hidden }), []string{"callback_hmac_key"}},
		{"header alone", with(func(c *Config) { c.CallbackHMACHeader = "X-Signature" }), []string{"callback_hmac_header"}},
		{"the header of basic", with(func(c *Config) { c.CallbackHMACKey, c.CallbackHMACHeader = hidden, "authorization" }), []string{"callback_hmac_header"}},
	} {
		providertest.CheckProblems(t, c.name, c.config.Check(), c.want)
	}
	_, err := New(all, nil)
	providertest.CheckRefused(t, all, err, "hunter2", "hunter2 ")
}

func TestClass(t *testing.T) {
	for channel, want := range map[campaign.Channel]provider.Class{
		campaign.WhatsApp: provider.Echo, campaign.RCS: provider.Echo, campaign.SMS: provider.Idempotent,
	} {
		if got := adapter(t).Class(channel); got != want {
			t.Errorf("%s: class %s, want %s", channel, got, want)
		}
	}
}

func TestSupports(t *testing.T) {
	full := adapter(t)
	onlySMS := providertest.Made(t, New, Config{BaseURL: "https://xxxxx.api.infobip.com", APIKey: provider.NewSecret(secret), SMS: &Sender{Sender: "MyBrand"}})
	media := func(m campaign.Media) campaign.Content { return campaign.Content{Media: &m} }
	template := func(tp campaign.Template) campaign.Content { return campaign.Content{Template: &tp} }
	place := func(latitude, longitude string) campaign.Content {
		return campaign.Content{Location: &campaign.Location{Latitude: latitude, Longitude: longitude}}
	}
	buttons := func(n int, s campaign.Suggestion) campaign.Content {
		c := campaign.Content{Text: "Ciao"}
		for range n {
			c.Suggestions = append(c.Suggestions, s)
		}
		return c
	}
	reply := campaign.Suggestion{Type: "reply", Text: "Sì"}
	for _, c := range []struct {
		name    string
		p       *Provider
		channel campaign.Channel
		content campaign.Content
		wrong   int
	}{
		{"whatsapp template", full, campaign.WhatsApp, template(campaign.Template{Name: "promo_2", Language: "it", Parameters: []string{"{nome}"}, MediaURL: "https://example.com/{citta}.jpg"}), 0},
		{"whatsapp template with a header and buttons", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", Header: "{nome}", Buttons: []string{"{codice}", "x"}}), 0},
		{"whatsapp text", full, campaign.WhatsApp, campaign.Content{Text: "Ciao {nome}"}, 0},
		{"whatsapp document", full, campaign.WhatsApp, media(campaign.Media{Kind: "document", URL: "https://example.com/{x}", Caption: "c", Filename: "f.pdf"}), 0},
		{"whatsapp location", full, campaign.WhatsApp, place("45.4", "9.2"), 0},
		{"whatsapp location to be filled", full, campaign.WhatsApp, place("{lat}", "9.2"), 0},
		{"rcs template", full, campaign.RCS, template(campaign.Template{Name: "Promo", Placeholders: []string{"nome"}}), 0},
		{"rcs template without values", full, campaign.RCS, template(campaign.Template{Name: "Promo", Placeholders: []string{}}), 0},
		{"rcs text", full, campaign.RCS, buttons(11, reply), 0},
		{"sms", full, campaign.SMS, campaign.Content{Text: "Ciao"}, 0},

		{"template by number and names", full, campaign.WhatsApp, template(campaign.Template{ID: 42, Placeholders: []string{"nome"}}), 3},
		{"template in capitals, with a bad value", full, campaign.WhatsApp, template(campaign.Template{Name: "Promo", Language: "it", Parameters: []string{"", "a\tb"}}), 3},
		{"template with three buttons, one empty", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", Header: "a\tb", Buttons: []string{"", "x", "y"}}), 3},
		{"rcs template with buttons", full, campaign.RCS, template(campaign.Template{Name: "Promo", Placeholders: []string{}, Buttons: []string{"x"}}), 1},
		{"template with media of no kind", full, campaign.WhatsApp, template(campaign.Template{Name: "promo", Language: "it", MediaURL: "https://example.com/{x}"}), 1},
		{"whatsapp nothing", full, campaign.WhatsApp, campaign.Content{}, 1},
		{"whatsapp suggestions", full, campaign.WhatsApp, buttons(1, reply), 1},
		{"whatsapp reaction", full, campaign.WhatsApp, campaign.Content{Reaction: &campaign.Reaction{MessageID: "wamid", Emoji: "👍"}}, 1},
		{"media of no kind, from nowhere", full, campaign.WhatsApp, media(campaign.Media{Kind: "hologram", Filename: "x"}), 3},
		{"audio with caption, by key", full, campaign.WhatsApp, media(campaign.Media{Kind: "audio", Key: "k", Caption: "c"}), 2},
		{"location nowhere", full, campaign.WhatsApp, place("north", ""), 1},
		{"rcs template as whatsapp's", full, campaign.RCS, template(campaign.Template{ID: 1, Language: "it", Parameters: []string{"x"}}), 3},
		{"rcs media", full, campaign.RCS, media(campaign.Media{Kind: "image", URL: "u"}), 1},
		{"rcs too many suggestions", full, campaign.RCS, buttons(12, reply), 1},
		{"rcs suggestion of no kind", full, campaign.RCS, buttons(1, campaign.Suggestion{Type: "hologram", Text: "x", Value: "y"}), 1},
		{"rcs link to nowhere", full, campaign.RCS, buttons(1, campaign.Suggestion{Type: "url", Text: "Sito"}), 1},
		{"sms template with suggestions", full, campaign.SMS, campaign.Content{Template: &campaign.Template{Name: "x"}, Suggestions: []campaign.Suggestion{reply}}, 2},
		{"no whatsapp here", onlySMS, campaign.WhatsApp, campaign.Content{Text: "Ciao"}, 1},
		{"no rcs here", onlySMS, campaign.RCS, campaign.Content{Text: "Ciao"}, 1},
	} {
		providertest.CheckSupports(t, c.name, c.p, campaign.Leg{Channel: c.channel, Content: c.content}, c.wrong)
	}
	simulated := campaign.Leg{Channel: campaign.SMS, Content: campaign.Content{Text: "x"}, Simulation: true}
	providertest.CheckSupports(t, "a simulation", full, simulated, 1)
}
