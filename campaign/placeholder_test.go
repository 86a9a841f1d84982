package campaign

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ header, folded, camel string }{
		{"Codice Sconto", "codicesconto", "codiceSconto"},
		{"codice_sconto", "codicesconto", "codiceSconto"},
		{"CODICE-SCONTO", "codicesconto", "codiceSconto"},
		{"codiceSconto", "codicesconto", "codiceSconto"},
		{"Città", "citta", "citta"},
		{"Citta\u0300", "citta", "citta"},
		{" Data\u00a0invio ", "datainvio", "dataInvio"},
		{"URL foto", "urlfoto", "urlFoto"},
		{"Importo (€)", "importo(€)", "importo"},
		{"Straße 2", "straße2", "straße2"},
		{"шт", "шт", "шт"},
		{"€", "€", ""},
		{" _-", "", ""},
	} {
		if got := fold(x.header); got != x.folded {
			t.Errorf("fold(%q) = %q, want %q", x.header, got, x.folded)
		}
		if got := camelCase(x.header); got != x.camel {
			t.Errorf("camelCase(%q) = %q, want %q", x.header, got, x.camel)
		}
	}
}

func TestFillText(t *testing.T) {
	t.Parallel()
	vars := Variables{"nome": "Mario", "codiceSconto": "{nome}", "vuoto": ""}
	for text, want := range map[string]string{
		"":                              "",
		"Ciao":                          "Ciao",
		"Ciao {nome}!":                  "Ciao Mario!",
		"{nome}{nome}":                  "MarioMario",
		"{NOME} { nome } {No-Me}":       "Mario Mario Mario",
		"{Codice Sconto}":               "{nome}", // a value is never filled again
		"{{nome}}":                      "{nome}",
		"{{{nome}}}":                    "{Mario}",
		"a {{ b }} c":                   "a { b } c",
		"[{vuoto}]":                     "[]",
		"https://example.com/{nome}?a=": "https://example.com/Mario?a=",
	} {
		got, err := Content{Text: text}.Fill(vars)
		if err != nil || got.Text != want {
			t.Errorf("Fill(%q) = %q, %v, want %q", text, got.Text, err, want)
		}
	}
}

func TestFillRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{cognome}": "fill text: placeholder without a value: {cognome}",
		"{nome":     "fill text: a { without its }: want {name}, or {{ for the brace itself",
		"{a{b}":     "fill text: a { without its }: want {name}, or {{ for the brace itself",
		"nome}":     "fill text: a } without its {: want {name}, or }} for the brace itself",
		"{ _ }":     "fill text: a placeholder without a name: want {name}, or {{ for the brace itself",
	} {
		got, err := Content{Text: text}.Fill(Variables{"nome": "Mario"})
		if err == nil || err.Error() != want {
			t.Errorf("Fill(%q) = %+v, %v, want %s", text, got, err, want)
		}
	}
	if _, err := (Content{Text: "{x}"}).Fill(nil); !errors.Is(err, ErrMissingVariable) {
		t.Errorf("%v is no ErrMissingVariable", err)
	}
}

func TestFillReachesEveryString(t *testing.T) {
	t.Parallel()
	vars := Variables{"nome": "Mario", "data": "1/12", "codiceSconto": "X"}
	c := stored(t, "every-kind.yaml")
	before := string(c.Canonical())
	for i, leg := range c.Route {
		content, err := leg.Content.Fill(vars)
		if err != nil {
			t.Errorf("leg %d: %v", i, err)
			continue
		}
		content.each(func(path string, s *string) {
			if strings.Contains(*s, "{nome}") || strings.Contains(*s, "{Codice") || strings.Contains(*s, "{data}") {
				t.Errorf("leg %d: %s still says %q", i, path, *s)
			}
		})
	}
	if after := string(c.Canonical()); after != before {
		t.Errorf("filling changed the campaign:\n%s\nto\n%s", before, after)
	}
}

func TestRoutePlaceholders(t *testing.T) {
	t.Parallel()
	got := stored(t, "every-kind.yaml").Route.Placeholders()
	if diff := cmp.Diff([]string{"nome", "data", "Codice Sconto"}, got); diff != "" {
		t.Errorf("Placeholders, -want +got:\n%s", diff)
	}
}

func TestTemplateVariables(t *testing.T) {
	t.Parallel()
	vars := Variables{"nome": "Mario", "codiceSconto": "X"}
	for _, x := range []struct {
		what     string
		template *Template
		want     Variables
	}{
		{"no template", nil, nil},
		{"by position", &Template{Name: "a", Parameters: []string{"{nome}"}}, nil},
		{"a header", &Template{Name: "a", Header: "{nome}"}, nil},
		{"buttons", &Template{Name: "a", Buttons: []string{"{nome}"}}, nil},
		{"every column", &Template{ID: 1}, vars},
		{"listed, in its own spelling", &Template{ID: 1, Placeholders: []string{"Codice_Sconto"}}, Variables{"Codice_Sconto": "X"}},
		{"an empty list", &Template{ID: 1, Placeholders: []string{}}, Variables{}},
	} {
		got, err := Leg{Content: Content{Template: x.template}}.TemplateVariables(vars)
		if diff := cmp.Diff(x.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", x.what, err, diff)
		}
	}
	if _, err := (Leg{Content: Content{Template: &Template{ID: 1, Placeholders: []string{"cognome"}}}}).TemplateVariables(vars); !errors.Is(err, ErrMissingVariable) {
		t.Errorf("a name without a value: %v", err)
	}
}

func TestAttempt(t *testing.T) {
	t.Parallel()
	c := stored(t, "spring-sale.yaml")
	vars := Variables{"citta": "Roma", "nome": "Mario", "codiceSconto": "X"}
	to := Destination("+393401234567")
	m := IDKey{1}.Message(c.ID, to, "")
	for leg, want := range []Attempt{
		{Channel: WhatsApp, Content: Content{Template: &Template{ID: 42, MediaURL: "https://example.com/Roma.jpg"}}, Variables: vars, Validity: 30 * time.Minute},
		{Channel: RCS, Content: Content{Template: &Template{ID: 10}}, Variables: vars, Validity: 15 * time.Minute},
		{Channel: SMS, Content: Content{Text: "Ciao Mario, il tuo sconto: X"}, Validity: 24 * time.Hour},
	} {
		want.ID, want.CampaignID, want.To = m.Attempt(leg, 2), c.ID, to
		got, err := c.Attempt(m.Attempt(leg, 2), to, vars)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("leg %d: %v, -want +got:\n%s", leg, err, diff)
		}
	}
	if _, err := c.Attempt(m.Attempt(3, 0), to, vars); err == nil {
		t.Error("a leg that the route lacks: no error")
	}
	if _, err := c.Attempt(m.Attempt(2, 0), to, nil); !errors.Is(err, ErrMissingVariable) {
		t.Errorf("without values: %v", err)
	}
}

func FuzzPlaceholders(f *testing.F) {
	f.Add("Ciao {nome}, {{x}} {Codice Sconto}", "nome", "Mario {x}")
	f.Add("{a}}{b}{", "a", "}")
	f.Add("{{{a}}}", "a", "{{")
	f.Fuzz(func(t *testing.T, text, name, value string) {
		p, err := parsePattern(text)
		if err != nil {
			return
		}
		filled, err := p.fill(Variables{name: value})
		for _, needed := range p.names() {
			if fold(needed) != fold(name) && err == nil {
				t.Errorf("%q needs %q, and was filled with {%s: %q} to %q", text, needed, name, value, filled)
			}
		}
		if err != nil {
			if !errors.Is(err, ErrMissingVariable) {
				t.Errorf("fill %q with {%s: %q}: %v", text, name, value, err)
			}
			return
		}
		literal := strings.NewReplacer("{", "{{", "}", "}}").Replace(filled)
		if back, err := (Content{Text: literal}).Fill(nil); err != nil || back.Text != filled {
			t.Errorf("%q with its braces doubled is %q, %v", filled, back.Text, err)
		}
		if want := len(strings.Join(pieces(p), "")) + len(p.names())*len(value); len(filled) != want {
			t.Errorf("fill %q with %q: %d bytes, want %d", text, value, len(filled), want)
		}
	})
}

// pieces are the parts of a pattern that are no names.
func pieces(p pattern) []string {
	var text []string
	for i := 0; i < len(p); i += 2 {
		text = append(text, p[i])
	}
	return text
}
