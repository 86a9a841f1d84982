package campaign

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What a leg that does not say otherwise gets, and the most parts it may ask for.
const (
	DefaultMaxParts = 3
	maxMaxParts     = 25
)

// defaultWaits are how long each channel usually needs to say *delivered*.
var defaultWaits = [...]time.Duration{WhatsApp: 30 * time.Minute, RCS: 15 * time.Minute, SMS: 24 * time.Hour}

func readRoute(s *section, accounts Accounts) Route {
	var route Route
	chained, waits := read(s, "fallback", false, parseFallback), false
	lanes := map[Lane]int{}
	s.each("route", func(s *section) {
		leg := readLeg(s, accounts)
		switch n := len(route); {
		case n == 0:
			waits = s.has("wait")
		case chained:
			readLink(s, &leg, route[0])
		case route[n-1].Simulation && !leg.Simulation:
			s.wrong("simulation", "the leg before is a simulation, of which nobody promises receipts: after its wait this one would be sent for real: want simulation: true here too")
		}
		route = append(route, leg)
		if leg.Channel == 0 || leg.Account == "" {
			return
		}
		if first, twice := lanes[leg.Lane()]; twice {
			s.wrong("channel", "%s of account %s is leg %d already: want each once", leg.Channel, leg.Account, first)
		}
		lanes[leg.Lane()] = len(route)
	})
	if n := len(route); (n < 1 || n > MaxLegs) && !s.notes.has("route") {
		s.wrong("route", "%d legs: want 1 to %d", n, MaxLegs)
	} else if chained {
		return route.chain(s, waits, accounts)
	}
	return route
}

func readLeg(s *section, accounts Accounts) Leg {
	s.need("channel", "whatsapp, rcs or sms")
	leg := Leg{Channel: read(s, "channel", 0, ParseChannel), Account: s.need("account", "the name of an account")}
	leg.Wait = positive(s, "wait", defaultWaits[leg.Channel])
	leg.Content = readContent(s, leg.Channel)
	leg.MaxParts = readMaxParts(s, leg.Channel)
	leg.Capability = read(s, "capability", false, parseCapability)
	if leg.Capability && leg.Channel != RCS && leg.Channel != 0 {
		s.wrong("capability", "only rcs can be asked for before it is sent: leave it out")
	}
	leg.Simulation = read(s, "simulation", false, parseBool)
	if accounts != nil && leg.Channel != 0 && leg.Account != "" {
		for _, p := range accounts.Check(leg) {
			if path := strings.TrimSuffix(join(s.path, p.Path), "."); !s.notes.has(path) {
				s.notes.wrong(path, "%s", p.Text)
			}
		}
	}
	return leg
}

func parseCapability(word string) (bool, error) {
	return oneOf(word, "check", true, "assume", false)
}

func readMaxParts(s *section, channel Channel) int {
	if channel != SMS {
		if s.get("max_parts", scalarNode); s.has("max_parts") && channel != 0 {
			s.wrong("max_parts", "only an sms leg has parts: leave it out")
		}
		return 0
	}
	return read(s, "max_parts", DefaultMaxParts, func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > maxMaxParts {
			return 0, fmt.Errorf("%q: want a whole number from 1 to %d", text, maxMaxParts)
		}
		return n, nil
	})
}

// readContent reads what the leg says: a template, a text or a body.
func readContent(s *section, channel Channel) Content {
	var c Content
	s.below("template", func(s *section) { c.Template = readTemplate(s) })
	c.Text = s.text("text")
	s.each("suggestions", func(s *section) { c.Suggestions = append(c.Suggestions, readSuggestion(s)) })
	s.below("body", func(s *section) { readBody(s, &c) })
	checkChoice(s, channel)
	c.each(func(path string, text *string) {
		if path == "text" && !s.has("text") {
			path = "body.text.body"
		}
		if _, err := parsePattern(*text); err != nil {
			s.wrong(path, "%s", err)
		}
	})
	return c
}

// checkChoice: an sms leg has a text; another has one of three; buttons go with a text.
func checkChoice(s *section, channel Channel) {
	var has []string
	for _, key := range []string{"template", "text", "body"} {
		if s.has(key) {
			has = append(has, key)
		}
	}
	switch {
	case channel == SMS && (len(has) != 1 || has[0] != "text"):
		s.wrong("", "an sms leg needs a text, and has no template and no body")
	case channel != SMS && len(has) != 1:
		s.wrong("", "want exactly one of template, text and body, not %d", len(has))
	case s.has("text") && strings.TrimSpace(s.text("text")) == "" && !s.notes.has(join(s.path, "text")):
		s.wrong("text", "the text is empty: want what the message says")
	}
	if s.has("suggestions") && channel != 0 && (channel != RCS || !s.has("text")) {
		s.wrong("suggestions", "buttons stand below the text of an rcs leg only")
	}
}

func readTemplate(s *section) *Template {
	t := &Template{
		ID: read(s, "id", 0, func(text string) (int, error) {
			n, err := strconv.Atoi(text)
			if err != nil || n < 1 {
				return 0, fmt.Errorf("%q: want the template's number, as in 42", text)
			}
			return n, nil
		}),
		Name:         s.text("name"),
		Language:     s.text("language"),
		MediaURL:     s.text("media_url"),
		Header:       s.text("header"),
		Parameters:   s.texts("parameters"),
		Buttons:      s.texts("buttons"),
		Placeholders: s.texts("placeholders"),
	}
	if t.Header != "" && t.MediaURL != "" {
		s.wrong("header", "a template has one header: want either header or media_url")
	}
	if !s.has("id") && strings.TrimSpace(t.Name) == "" {
		s.wrong("", "want the template's id, or its name")
	}
	for i, name := range t.Placeholders {
		if fold(name) == "" || strings.ContainsAny(name, "{}") {
			s.wrong(fmt.Sprintf("placeholders[%d]", i), "%q: want a name without braces, as in nome", name)
		}
	}
	return t
}

func readSuggestion(s *section) Suggestion {
	b := Suggestion{Type: s.need("type", "reply, url or dial"), Text: s.need("text", "the button's label")}
	switch b.Type {
	case "url":
		b.Value = s.need("value", "the address that the button opens")
	case "dial":
		b.Value = s.need("value", "the number that the button dials")
	case "reply":
		b.Value = s.text("value")
	default:
		b.Value = s.text("value")
		if b.Type != "" {
			s.wrong("type", "%q: want reply, url or dial", b.Type)
		}
	}
	return b
}
