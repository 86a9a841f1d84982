package campaign

import (
	"encoding/json"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// told is the present time in all tests of this package.
var told = time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)

// parse is a campaign that must be right.
func parse(t testing.TB, file string) Campaign {
	t.Helper()
	c, err := ParseFile("campaign.yaml", []byte(file), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// stored is a campaign of testdata.
func stored(t testing.TB, name string) Campaign {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(data))
}

func TestParseFile(t *testing.T) {
	t.Parallel()
	got := stored(t, "spring-sale.yaml")
	want := Campaign{
		ID:          "spring-sale",
		Start:       time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
		Window:      &Window{From: 9 * 60, To: 20 * 60, Zone: RecipientZone},
		Expires:     48 * time.Hour,
		Throttle:    []Limit{{N: 200, Window: time.Second}},
		RetryWithin: DefaultRetryWithin,
		Retention:   DefaultRetention,
		Route: Route{
			{Channel: WhatsApp, Account: "qlara", Wait: 30 * time.Minute, Content: Content{Template: &Template{ID: 42, MediaURL: "https://example.com/{citta}.jpg"}}},
			{Channel: RCS, Account: "qlara", Wait: 15 * time.Minute, Content: Content{Template: &Template{ID: 10}}},
			{Channel: SMS, Account: "qlara", Wait: 24 * time.Hour, Content: Content{Text: "Ciao {nome}, il tuo sconto: {codiceSconto}"}, MaxParts: 3},
		},
		Recipients: Columns{Region: "IT", Names: map[string]string{"destination": "cellulare", "scheduledDate": "data invio"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ParseFile(spring-sale.yaml), -want +got:\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	got := parse(t, "campaign: x\nroute: [{channel: WhatsApp, account: a, text: hi}, {channel: rcs, account: a, text: hi}, {channel: sms, account: a, text: hi}]")
	want := Route{
		{Channel: WhatsApp, Account: "a", Wait: 30 * time.Minute, Content: Content{Text: "hi"}},
		{Channel: RCS, Account: "a", Wait: 15 * time.Minute, Content: Content{Text: "hi"}},
		{Channel: SMS, Account: "a", Wait: 24 * time.Hour, Content: Content{Text: "hi"}, MaxParts: DefaultMaxParts},
	}
	if diff := cmp.Diff(want, got.Route); diff != "" {
		t.Errorf("route, -want +got:\n%s", diff)
	}
	if got.RetryWithin != 72*time.Hour || got.Retention != 720*time.Hour || !got.Start.IsZero() || got.Window != nil || got.Expires != 0 {
		t.Errorf("defaults are %+v", got)
	}
}

func TestContentOfEveryKind(t *testing.T) {
	t.Parallel()
	route := stored(t, "every-kind.yaml").Route
	want := []Content{
		{Template: &Template{Name: "sale", Language: "it", Header: "{nome}", Buttons: []string{"{Codice Sconto}"}, Parameters: []string{"{nome}", "fino al {data}"}, Placeholders: []string{}}},
		{Media: &Media{Kind: "image", URL: "https://example.com/{nome}.jpg", Caption: "Ciao"}},
		{Media: &Media{Kind: "document", Key: "abc", Filename: "{nome}.pdf", Caption: "Fattura"}},
		{Media: &Media{Kind: "sticker", Key: "abc"}},
		{Location: &Location{Latitude: "45.4640", Longitude: "9.19", Name: "Duomo", Address: "Milano"}},
		{Reaction: &Reaction{MessageID: "wamid.1", Emoji: "👍"}},
		{Text: "Ciao {nome}"},
		{Text: "Ciao {nome}", Suggestions: []Suggestion{{"url", "Apri", "https://example.com/?c={Codice Sconto}"}, {"dial", "Chiama", "+39021234567"}, {"reply", "Grazie", ""}}},
		{Template: &Template{ID: 10, Placeholders: []string{"nome"}}},
		{Text: "Ciao {nome}, {{sconto}}: {Codice Sconto}"},
	}
	for i, leg := range route {
		if diff := cmp.Diff(want[i], leg.Content); diff != "" {
			t.Errorf("leg %d, -want +got:\n%s", i, diff)
		}
	}
}

func TestCanonicalReadsBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"spring-sale.yaml", "every-kind.yaml"} {
		c := stored(t, name)
		back := parse(t, string(c.Canonical()))
		if diff := cmp.Diff(c, back); diff != "" {
			t.Errorf("%s: what its canonical form says, -want +got:\n%s", name, diff)
		}
		if back.Digest() != c.Digest() {
			t.Errorf("%s: digest %s, of the canonical form %s", name, c.Digest(), back.Digest())
		}
		var decoded struct{ C Campaign }
		encoded, err := json.Marshal(struct{ C Campaign }{c})
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(encoded, &decoded); err != nil || cmp.Diff(c, decoded.C) != "" {
			t.Errorf("%s: json.Unmarshal of json.Marshal: %v\n%s", name, err, cmp.Diff(c, decoded.C))
		}
	}
}

func TestCanonicalReadsBackWhateverTheTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		visible := rapid.StringMatching(`[a-zà€😀:#"'\\<&\t\n]{1,20}x`)
		text := strings.NewReplacer("{", "{{", "}", "}}").Replace("x" + rapid.String().Draw(t, "text"))
		c := Campaign{
			ID:          "c" + rapid.StringMatching(`[^\pC]{0,50}`).Draw(t, "id"),
			Start:       time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "start"), 0).UTC(),
			Expires:     time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "expires")),
			Standing:    rapid.Bool().Draw(t, "standing"),
			OnUnknown:   Policy(rapid.IntRange(0, 1).Draw(t, "policy")),
			RetryWithin: time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "retry")),
			Retention:   time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "retention")),
			Webhook:     &Webhook{visible.Draw(t, "webhook"), rapid.Bool().Draw(t, "number")},
			Route: Route{
				{Channel: WhatsApp, Account: visible.Draw(t, "account"), Wait: time.Hour, Content: Content{Template: &Template{ID: rapid.IntRange(1, 1e6).Draw(t, "id"), Parameters: rapid.SliceOf(visible).Draw(t, "parameters")}}},
				{Channel: SMS, Account: "a", Wait: time.Hour, Content: Content{Text: text}, MaxParts: 1},
			},
			Recipients: Columns{Names: map[string]string{"destination": visible.Draw(t, "header")}},
		}
		back, err := ParseFile("c", c.Canonical(), nil)
		if err != nil {
			t.Fatalf("%s\n%v", c.Canonical(), err)
		}
		if diff := cmp.Diff(c, back); diff != "" {
			t.Fatalf("%s\n-want +got:\n%s", c.Canonical(), diff)
		}
	})
}

func TestDigestDependsOnMeaning(t *testing.T) {
	t.Parallel()
	a := parse(t, "campaign: x\nstart: 2026-12-01 09:00 Europe/Rome\nroute: [{channel: sms, account: a, text: hi}]")
	same := parse(t, `{"route": [{"wait": "1d", "text": "hi", "account": "a", "channel": "sms", "max_parts": 3}], "start": "2026-12-01T08:00:00Z", "campaign": "x"}`)
	if a.Digest() != same.Digest() {
		t.Errorf("what means the same differs: %q", Diff(a, same))
	}
	other := parse(t, "campaign: x\nstart: 2026-12-01 09:00 Europe/Rome\nroute: [{channel: sms, account: a, text: 'hi '}]")
	if a.Digest() == other.Digest() {
		t.Error("another text has the same digest")
	}
}

func TestDiff(t *testing.T) {
	t.Parallel()
	a := parse(t, "campaign: x\nexpires: 1h\nroute: [{channel: sms, account: a, text: hi}]")
	b := parse(t, "campaign: x\nwindow: {from: '09:00'}\nroute: [{channel: rcs, account: a, template: {id: 1, parameters: []}}, {channel: sms, account: a, text: hi}]")
	want := []string{
		`expires: was "1h", is absent`,
		`route[0].channel: was "sms", is "rcs"`,
		`route[0].wait: was "24h", is "15m"`,
		`route[0].text: was "hi", is absent`,
		`route[0].max_parts: was "3", is absent`,
		`window.from: was absent, is "09:00"`,
		`window.to: was absent, is "24:00"`,
		`window.zone: was absent, is "recipient"`,
		`window.at_end: was absent, is "hold"`,
		`route[0].template.id: was absent, is "1"`,
		`route[0].template.parameters: was absent, is "[]"`,
		`route[1].channel: was absent, is "sms"`,
		`route[1].account: was absent, is "a"`,
		`route[1].wait: was absent, is "24h"`,
		`route[1].text: was absent, is "hi"`,
		`route[1].max_parts: was absent, is "3"`,
	}
	if diff := cmp.Diff(want, Diff(a, b)); diff != "" {
		t.Errorf("Diff, -want +got:\n%s", diff)
	}
	if lines := Diff(a, a); lines != nil {
		t.Errorf("Diff of a campaign with itself: %q", lines)
	}
}

// onlyQlara is a configuration with one account.
type onlyQlara struct{}

func (onlyQlara) Check(leg Leg) []Problem {
	if leg.Account != "qlara" {
		return []Problem{{Path: "account", Text: "no such account: want qlara"}}
	}
	return []Problem{{Path: "template.parameters[1]", Text: "no comma"}, {Path: "template.language", Text: "missing"}, {Text: "odd"}}
}

func (onlyQlara) CheckWebhook(name string) error {
	if name != "crm" {
		return errors.New("no such receiver: want crm")
	}
	return nil
}

func TestReceiversAreAsked(t *testing.T) {
	t.Parallel()
	const text = `campaign: x
webhook: {to: crn, number: maybe}
route: [{channel: sms, account: nobody, text: hi}]
`
	_, err := ParseFile("c.yaml", []byte(text), onlyQlara{})
	want := `c.yaml: 3 mistakes
  c.yaml:2:15: webhook.to: no such receiver: want crm
  c.yaml:2:28: webhook.number: "maybe": want true or false
  c.yaml:3:33: route[0].account: no such account: want qlara`
	if err == nil || err.Error() != want {
		t.Errorf("error:\n%v\nwant:\n%s", err, want)
	}
	if _, err := ParseFile("c.yaml", []byte("campaign: x\nwebhook: {}\nroute: [{channel: sms, account: a, text: hi}]"), nil); err == nil ||
		!strings.Contains(err.Error(), "webhook.to: missing: want the name of a receiver") {
		t.Errorf("without a name: %v", err)
	}
}

func TestAccountsAreAsked(t *testing.T) {
	t.Parallel()
	_, err := ParseFile("c.yaml", []byte(`campaign: x
route:
  - {channel: sms, account: nobody, text: hi}
  - {channel: whatsapp, account: qlara, template: {id: 1, parameters: [a, "b,c"]}}
`), onlyQlara{})
	want := `c.yaml: 4 mistakes
  c.yaml:3:29: route[0].account: no such account: want qlara
  c.yaml:4:5: route[1]: odd
  c.yaml:4:51: route[1].template.language: missing
  c.yaml:4:75: route[1].template.parameters[1]: no comma`
	if err == nil || err.Error() != want {
		t.Errorf("error:\n%v\nwant:\n%s", err, want)
	}
	var refused *FileError
	if !errors.As(err, &refused) || len(refused.Problems) != 4 {
		t.Errorf("%T is no *FileError with 4 problems", err)
	}
}

// TestFilesThatAreMadeToBeDear reads files whose parsing would take all memory there is.
func TestFilesThatAreMadeToBeDear(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		strings.Repeat("[", 100_000):                              "more than 5000 names",
		strings.Repeat("- ", 50_000):                              "more than 5000 names",
		strings.Repeat("a:\n", 40_000):                            "more than 5000 names",
		strings.Repeat(`{"a":`, 20_000):                           "more than 5000 names",
		strings.Repeat("[", 10_500) + strings.Repeat("]", 10_500): "more than 5000 names", // deeper than JSON may be
		strings.Repeat("a: b\n", 100_000):                         "want at most 131072 of YAML",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := ParseFile("dear.yaml", []byte(text), nil)
		runtime.ReadMemStats(&after)
		const most = 256 << 20 // all that was ever asked for, beside other tests
		if err == nil || !strings.Contains(err.Error(), want) || after.TotalAlloc-before.TotalAlloc > most {
			t.Errorf("%.20q, %d bytes: %d MiB, %v, want %s", text, len(text), (after.TotalAlloc-before.TotalAlloc)>>20, err, want)
		}
	}
}
