package campaign

import (
	"slices"
	"strings"
	"testing"
	"time"
)

const chained = `campaign: x
fallback: provider
route:
  - {channel: whatsapp, account: a, template: {id: 42, placeholders: [nome]}}
  - {channel: rcs, account: a, template: {id: 10, placeholders: [città]}}
  - {channel: sms, account: a, text: "Ciao {nome}: {codice}"}
`

func TestAProvidersChainIsOneLeg(t *testing.T) {
	t.Parallel()
	c, err := ParseFile("c.yaml", []byte(chained), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Route) != 1 || len(c.Route[0].Chain) != 2 || !c.Route.Chained() {
		t.Fatalf("route %+v, want one leg with a chain of two", c.Route)
	}
	if want := 24*time.Hour + 45*time.Minute; c.Route[0].Wait != want {
		t.Errorf("wait %v, want %v: what the channels need one after the other", c.Route[0].Wait, want)
	}
	if got, want := c.Route.Placeholders(), []string{"nome", "città", "codice"}; !slices.Equal(got, want) {
		t.Errorf("placeholders %q, want %q", got, want)
	}
	back, err := ParseFile("c.json", c.Canonical(), nil)
	if err != nil || back.Digest() != c.Digest() || !back.Route.Chained() {
		t.Errorf("its canonical form %s reads as %+v, %v", c.Canonical(), back, err)
	}
	id := IDKey{}.Message("x", "+393401234567", "").Attempt(0, 0)
	a, err := c.Attempt(id, "+393401234567", Variables{"nome": "Ada", "città": "Bari", "codice": "Z1"})
	if err != nil || len(a.Chain) != 2 || a.Chain[0].Variables["città"] != "Bari" || a.Chain[1].Content.Text != "Ciao Ada: Z1" {
		t.Errorf("attempt %+v, %v; want its chain filled", a, err)
	}
}

func TestALongSMSOfAChainIsRejected(t *testing.T) {
	t.Parallel()
	c, err := ParseFile("c.yaml", []byte(strings.Replace(chained, "text:", "max_parts: 1, text:", 1)), nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := NewReader(strings.NewReader("destination,nome,città,codice\n+393401234567,Ada,Bari,"+strings.Repeat("z", 200)+"\n"), c, ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, reject, err := rows.Next()
	if err != nil || reject == nil || reject.Reason != TextTooLong || !strings.Contains(reject.Text, "leg 3") {
		t.Errorf("%+v, %v; want text_too_long of leg 3", reject, err)
	}
}

func TestWhatAChainCannotSay(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ old, new, want string }{
		{"fallback: provider", "fallback: both", `fallback: "both": want cascade or provider`},
		{"channel: rcs, account: a", "channel: rcs, account: b", "route[1].account: with fallback: provider one provider gets the whole chain"},
		{"channel: sms, account: a", "channel: sms, account: a, wait: 1h", "route[2].wait: with fallback: provider that of the first leg holds"},
		{"channel: sms, account: a", "channel: sms, account: a, simulation: true", "route[2].simulation: with fallback: provider that of the first leg holds"},
		{chained[strings.Index(chained, "  - {channel: rcs"):], "", "fallback: one leg is no chain"},
	} {
		_, err := ParseFile("c.yaml", []byte(strings.Replace(chained, x.old, x.new, 1)), nil)
		if err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %s", x.new, err, x.want)
		}
	}
	if _, err := ParseFile("c.yaml", []byte(strings.Replace(chained, "account: a, template", "account: a, simulation: true, template", 1)), nil); err != nil {
		t.Errorf("a simulated chain: %v, want its legs simulated with the first", err)
	}
}
