package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// What a campaign that does not say otherwise gets, and how large its file may be.
const (
	DefaultRetryWithin = 72 * time.Hour
	DefaultRetention   = 720 * time.Hour
	MaxFileSize        = 1 << 20
	MaxIDLength        = 255
)

// Accounts knows what the configuration offers.
type Accounts interface {
	// Check says what is wrong with sending this leg: an account that is not there,
	// lacks the channel, or whose provider cannot send such content. Paths are below
	// the leg, as in "account" or "template.name". Of a leg with a chain it says what is
	// wrong with the chain as a whole; each of its legs is asked for by itself.
	Check(leg Leg) []Problem
	// CheckWebhook says what is wrong with a receiver of this name: nil if there is one.
	CheckWebhook(name string) error
}

// ParseFile reads a campaign from YAML or JSON. The error is a *FileError with every
// mistake that was found. Without accounts nothing is asked of the configuration.
// The name is for errors only.
func ParseFile(name string, data []byte, accounts Accounts) (Campaign, error) {
	return parseFile(name, data, accounts, &notes{places: map[string]node{}})
}

// ParseKept reads a campaign that was taken before, as ParseFile without accounts does. An id
// that no new one may have is no mistake of it: its people must not be lost.
func ParseKept(name string, data []byte) (Campaign, error) {
	return parseFile(name, data, nil, &notes{places: map[string]node{}, kept: true})
}

func parseFile(name string, data []byte, accounts Accounts, found *notes) (Campaign, error) {
	if len(data) > MaxFileSize {
		return Campaign{}, refuse(name, Problem{Text: fmt.Sprintf("%d bytes: want a campaign of at most %d", len(data), MaxFileSize)})
	}
	root, bad := parseTree(data)
	if bad != nil {
		return Campaign{}, refuse(name, *bad)
	}
	c := readCampaign(found, root, accounts)
	if len(found.problems) > 0 {
		return Campaign{}, refuse(name, found.problems...)
	}
	return c, nil
}

// parseTree takes for JSON what is JSON, for YAML reads some of its strings otherwise.
func parseTree(data []byte) (node, *Problem) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	switch {
	case !utf8.Valid(data):
		return node{}, &Problem{Line: 1, Text: "not UTF-8: save the file as UTF-8"}
	case json.Valid(data):
		root, err := parseJSON(data)
		if err != nil {
			return node{}, &Problem{Text: err.Error()}
		}
		return root, nil
	default:
		return parseYAML(data)
	}
}

func readCampaign(found *notes, root node, accounts Accounts) Campaign {
	var c Campaign
	found.section("", root, func(s *section) {
		c.ID = readID(s)
		c.Start = read(s, "start", time.Time{}, ParseStart)
		s.below("window", func(s *section) { c.Window = readWindow(s) })
		c.Spread = positive(s, "spread", 0)
		c.Expires = positive(s, "expires", 0)
		s.list("throttle", func(path string, item node) {
			limit, err := ParseLimit(item.text)
			if err != nil {
				s.notes.wrong(path, "%s", err)
			}
			c.Throttle = append(c.Throttle, limit)
		})
		c.Frequency = read(s, "frequency", nil, parseFrequency)
		c.ExcludeReached = s.texts("exclude_reached")
		c.Standing = read(s, "standing", false, parseBool)
		c.StartWhileImporting = read(s, "start_while_importing", false, parseBool)
		c.OnUnknown = read(s, "on_unknown", AtMostOnce, ParsePolicy)
		c.RetryWithin = read(s, "retry_within", DefaultRetryWithin, ParseDuration)
		if c.RetryWithin < 0 {
			s.wrong("retry_within", "want 0s or more")
		}
		c.Retention = positive(s, "retention", DefaultRetention)
		s.below("webhook", func(s *section) { c.Webhook = readWebhook(s, accounts) })
		c.Route = readRoute(s, accounts)
		s.below("recipients", func(s *section) { c.Recipients = readColumns(s) })
		if text := c.wrongSpread(); text != "" {
			s.wrong("spread", "%s", text)
		}
	})
	return c
}

func readID(s *section) string {
	const want = "an id of 1 to 255 characters, as in spring-sale"
	id := s.need("campaign", want)
	if utf8.RuneCountInString(id) > MaxIDLength || strings.ContainsFunc(id, unicode.IsControl) {
		s.wrong("campaign", "want %s, without control characters", want)
	}
	if !s.notes.kept && (id == "." || id == "..") {
		s.wrong("campaign", "%s: an address of the API would lead elsewhere: want another id, as spring-sale", id)
	}
	return id
}

func readWindow(s *section) *Window {
	w := &Window{
		From: read(s, "from", 0, ParseTimeOfDay),
		To:   read(s, "to", endOfDay, ParseTimeOfDay),
		Zone: read(s, "zone", RecipientZone, parseZone),
		Expire: read(s, "at_end", false, func(word string) (bool, error) {
			return oneOf(word, "hold", false, "expire", true)
		}),
		Zones: new(Zones),
	}
	if w.From == w.To || w.From == endOfDay {
		s.wrong("", "the window is empty: want from and to as in 09:00 and 20:00")
	}
	return w
}

func readColumns(s *section) Columns {
	c := Columns{Region: read(s, "region", "", parseRegion), Zone: read(s, "zone", "", parseZone)}
	s.below("columns", func(s *section) {
		if len(s.node.fields) > 0 {
			c.Names = make(map[string]string, len(s.node.fields))
		}
		folded := map[string]string{}
		for _, f := range s.node.fields {
			header := s.need(f.key, "the header of a column")
			if twin, twice := folded[fold(f.key)]; twice && twin != f.key {
				s.wrong(f.key, "the same name as %s: want one of them", twin)
			}
			folded[fold(f.key)] = f.key
			c.Names[f.key] = header
		}
	})
	return c
}

// positive is a duration above zero.
func positive(s *section, key string, fallback time.Duration) time.Duration {
	return read(s, key, fallback, func(text string) (time.Duration, error) {
		d, err := ParseDuration(text)
		if err == nil && d <= 0 {
			err = fmt.Errorf("duration %q: want more than zero", text)
		}
		return d, err
	})
}

// MaxFrequency is the longest window of a campaign's frequency.
const MaxFrequency = 90 * 24 * time.Hour

func parseFrequency(text string) (*Limit, error) {
	limit, err := ParseLimit(text)
	if err != nil || limit.Window > MaxFrequency {
		return nil, fmt.Errorf("frequency %q: want how many messages one person may get in how long, at most %s, as in 3/7d", text, FormatDuration(MaxFrequency))
	}
	return &limit, nil
}

func parseBool(word string) (bool, error) { return oneOf(word, "true", true, "false", false) }

func oneOf[T any](word, first string, one T, second string, other T) (T, error) {
	switch word {
	case first:
		return one, nil
	case second:
		return other, nil
	}
	return one, fmt.Errorf("%q: want %s or %s", word, first, second)
}

func parseZone(name string) (string, error) {
	if name == RecipientZone {
		return name, nil
	}
	if _, err := loadZone(name); err != nil {
		return "", fmt.Errorf("%w, or recipient", err)
	}
	return name, nil
}

func parseRegion(name string) (string, error) {
	region := strings.ToUpper(name)
	if !phonenumbers.GetSupportedRegions()[region] {
		return "", fmt.Errorf("region %q: want two letters of ISO 3166, as in IT", name)
	}
	return region, nil
}
