package infobip

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

// The contents of which the examples show none. Their fields are the provider's.
func TestContents(t *testing.T) {
	whatsapp := func(c campaign.Content) campaign.Attempt {
		return campaign.Attempt{Channel: campaign.WhatsApp, Content: c}
	}
	template := func(t campaign.Template) campaign.Attempt { return whatsapp(campaign.Content{Template: &t}) }
	media := func(m campaign.Media) campaign.Attempt { return whatsapp(campaign.Content{Media: &m}) }
	header := func(url string) campaign.Template {
		return campaign.Template{Name: "promo", Language: "it", MediaURL: url}
	}
	const promo = `"templateName":"promo","language":"it"`
	for _, c := range []struct {
		path, want string
		attempt    campaign.Attempt
	}{
		{"/whatsapp/1/message/template", `{` + promo + `,"templateData":{"body":{"placeholders":[]}}}`, template(header(""))},
		{"/whatsapp/1/message/template", `{` + promo + `,"templateData":{"body":{"placeholders":[]},"header":{"type":"IMAGE","mediaUrl":"https://example.com/a.JPG?x=1"}}}`, template(header("https://example.com/a.JPG?x=1"))},
		{"/whatsapp/1/message/template", `{` + promo + `,"templateData":{"body":{"placeholders":[]},"header":{"type":"VIDEO","mediaUrl":"https://example.com/a.mp4"}}}`, template(header("https://example.com/a.mp4"))},
		{"/whatsapp/1/message/template", `{` + promo + `,"templateData":{"body":{"placeholders":[]},"header":{"type":"DOCUMENT","mediaUrl":"https://example.com/p/a.pdf#2","filename":"a.pdf"}}}`, template(header("https://example.com/p/a.pdf#2"))},
		{"/whatsapp/1/message/image", `{"mediaUrl":"https://example.com/i","caption":"c"}`, media(campaign.Media{Kind: "image", URL: "https://example.com/i", Caption: "c"})},
		{"/whatsapp/1/message/document", `{"mediaUrl":"https://example.com/d","caption":"c","filename":"d.pdf"}`, media(campaign.Media{Kind: "document", URL: "https://example.com/d", Caption: "c", Filename: "d.pdf"})},
		{"/whatsapp/1/message/video", `{"mediaUrl":"https://example.com/v"}`, media(campaign.Media{Kind: "video", URL: "https://example.com/v"})},
		{"/whatsapp/1/message/audio", `{"mediaUrl":"https://example.com/a"}`, media(campaign.Media{Kind: "audio", URL: "https://example.com/a"})},
		{"/whatsapp/1/message/sticker", `{"mediaUrl":"https://example.com/s"}`, media(campaign.Media{Kind: "sticker", URL: "https://example.com/s"})},
		{"/whatsapp/1/message/location", `{"latitude":44.9526862,"longitude":-13.85,"name":"Infobip","address":"Vodnjan"}`, whatsapp(campaign.Content{Location: &campaign.Location{Latitude: "44.9526862", Longitude: "-13.850", Name: "Infobip", Address: "Vodnjan"}})},
		{"/rcs/2/messages", `{"type":"TEXT","text":"Ciao","suggestions":[
			{"type":"REPLY","text":"Sì","postbackData":"yes"},{"type":"REPLY","text":"No","postbackData":"No"},
			{"type":"OPEN_URL","text":"Sito","postbackData":"https://example.com","url":"https://example.com"},
			{"type":"DIAL_PHONE","text":"Chiama","postbackData":"+39037224525","phoneNumber":"+39037224525"}]}`,
			campaign.Attempt{Channel: campaign.RCS, Content: campaign.Content{Text: "Ciao", Suggestions: []campaign.Suggestion{
				{Type: "reply", Text: "Sì", Value: "yes"}, {Type: "reply", Text: "No"},
				{Type: "url", Text: "Sito", Value: "https://example.com"}, {Type: "dial", Text: "Chiama", Value: "+39037224525"},
			}}}},
		{"/rcs/2/messages", `{"type":"PROVIDER_TEMPLATE","templateId":"ExampleTemplateId","parameters":[{"name":"param1","value":"paramValue1"},{"name":"param2","value":"paramValue2"}]}`,
			campaign.Attempt{Channel: campaign.RCS, Content: campaign.Content{Template: &campaign.Template{Name: "ExampleTemplateId"}},
				Variables: campaign.Variables{"param2": "paramValue2", "param1": "paramValue1"}}},
		{"/rcs/2/messages", `{"type":"PROVIDER_TEMPLATE","templateId":"plain"}`,
			campaign.Attempt{Channel: campaign.RCS, Content: campaign.Content{Template: &campaign.Template{Name: "plain"}}}},
	} {
		path, request, err := adapter(t).request(c.attempt)
		if err != nil || path != c.path {
			t.Errorf("%s: path %q, error %v", c.want, path, err)
			continue
		}
		if diff := cmp.Diff(decoded(c.want), contentOf(providertest.JSON(request))); diff != "" {
			t.Errorf("%s: content (-want +got):\n%s", path, diff)
		}
	}
}

// contentOf is the content of a request's one message.
func contentOf(request []byte) any {
	fields := decoded(string(request)).(map[string]any)
	if list, ok := fields["messages"].([]any); ok {
		fields = list[0].(map[string]any)
	}
	return fields["content"]
}

func TestValidity(t *testing.T) {
	for wait, want := range map[time.Duration]*validity{
		0:                      nil,
		-time.Second:           nil,
		time.Millisecond:       {1, "SECONDS"},
		10 * time.Second:       {9, "SECONDS"},
		90 * time.Second:       {85, "SECONDS"},
		30 * time.Minute:       {1710, "SECONDS"},
		24 * time.Hour:         {82080, "SECONDS"},
		50 * time.Hour:         {171000, "SECONDS"},
		60 * time.Hour:         {172800, "SECONDS"},
		365 * 24 * time.Hour:   {172800, "SECONDS"},
		10000 * 24 * time.Hour: {172800, "SECONDS"},
	} {
		if diff := cmp.Diff(want, validityOf(wait)); diff != "" {
			t.Errorf("validity of a wait of %s (-want +got):\n%s", wait, diff)
		}
	}
}

// What the person's values make unfit concerns that person only, and shows none of them.
func TestUnfitValues(t *testing.T) {
	const value = "Mario Rossi"
	text := func(c campaign.Channel, n int) campaign.Attempt {
		return campaign.Attempt{Channel: c, Content: campaign.Content{Text: strings.Repeat("é", n)}}
	}
	template := func(url string, parameters ...string) campaign.Attempt {
		return campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Template: &campaign.Template{
			Name: "promo", Language: "it", MediaURL: url, Parameters: parameters,
		}}}
	}
	place := func(latitude, longitude string) campaign.Attempt {
		return campaign.Attempt{Channel: campaign.WhatsApp, Content: campaign.Content{Location: &campaign.Location{Latitude: latitude, Longitude: longitude}}}
	}
	for name, c := range map[string]struct {
		attempt campaign.Attempt
		want    string
	}{
		"empty":           {template("", "x", ""), "template parameter 2 is empty"},
		"line break":      {template("", value+"\n"), "template parameter 1: a line break, a tab, or more than 4 spaces in a row"},
		"carriage return": {template("", value+"\r"), "template parameter 1: a line break, a tab, or more than 4 spaces in a row"},
		"tab":             {template("", "\t"+value), "template parameter 1: a line break, a tab, or more than 4 spaces in a row"},
		"five spaces":     {template("", value+"     x"), "template parameter 1: a line break, a tab, or more than 4 spaces in a row"},
		"no ending":       {template("https://example.com/" + value), "template media_url: no ending that tells a picture, a film or a document"},
		"hidden ending":   {template("https://example.com/?" + value + ".jpg"), "template media_url: no ending that tells a picture, a film or a document"},
		"whatsapp text":   {text(campaign.WhatsApp, 4097), "text: 4097 characters, want at most 4096"},
		"rcs text":        {text(campaign.RCS, 3073), "text: 3073 characters, want at most 3072"},
		"latitude":        {place("90.1", "9"), "location: its latitude is no number from -90 to 90"},
		"longitude":       {place("45", value), "location: its longitude is no number from -180 to 180"},
		"not a number":    {place("NaN", "9"), "location: its latitude is no number from -90 to 90"},
	} {
		got := adapter(t).Send(t.Context(), c.attempt, func() error { t.Errorf("%s: the gate was asked", name); return nil })
		if want := (provider.Outcome{Kind: provider.Refused, Reason: c.want}); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	for name, a := range map[string]campaign.Attempt{
		"four spaces": template("", "a    b"), "longest whatsapp": text(campaign.WhatsApp, 4096), "longest rcs": text(campaign.RCS, 3072),
		"poles": place("-90", "180"),
	} {
		if _, _, err := adapter(t).request(a); err != nil {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// What Supports lets pass is sent; what has no request is never made one.
func TestUnsendable(t *testing.T) {
	for name, a := range map[string]campaign.Attempt{
		"sms with media":     {Channel: campaign.SMS, Content: campaign.Content{Media: &campaign.Media{Kind: "image", URL: "u"}}},
		"sms template":       {Channel: campaign.SMS, Content: campaign.Content{Template: &campaign.Template{Name: "x"}}},
		"empty sms":          {Channel: campaign.SMS},
		"rcs location":       {Channel: campaign.RCS, Content: campaign.Content{Location: &campaign.Location{}}},
		"rcs hologram":       {Channel: campaign.RCS, Content: campaign.Content{Text: "x", Suggestions: []campaign.Suggestion{{Type: "hologram"}}}},
		"whatsapp hologram":  {Channel: campaign.WhatsApp, Content: campaign.Content{Media: &campaign.Media{Kind: "hologram", URL: "u"}}},
		"whatsapp key":       {Channel: campaign.WhatsApp, Content: campaign.Content{Media: &campaign.Media{Kind: "image", Key: "k"}}},
		"whatsapp reaction":  {Channel: campaign.WhatsApp, Content: campaign.Content{Reaction: &campaign.Reaction{MessageID: "m", Emoji: "👍"}}},
		"whatsapp nothing":   {Channel: campaign.WhatsApp},
		"a channel too many": {Channel: 9, Content: campaign.Content{Text: "x"}},
	} {
		providertest.CheckUnsendable(t, name, adapter(t), a, provider.Misconfigured)
	}
}
