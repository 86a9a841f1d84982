package campaign

import (
	"fmt"
	"time"
)

// lateness is how long ago a row's time may be, for people who send at once.
const lateness = 5 * time.Minute

// checker judges what a row says, whatever it was written in.
type checker struct {
	region  string
	sms     bool      // a landline would not get it
	keyed   bool      // every row needs its key
	now     time.Time // zero: no time has passed
	needed  int       // how many of the values must not be empty
	names   []string  // of the values
	headers entry     // under which header each thing stands
	texts   []smsText
	zone    string // of times that name none: an IANA name, or RecipientZone; "": they need one
	zones   Zones
}

// entry is what one row says, without spaces around it.
type entry struct {
	to, due, key string
	values       []string // in the order of the checker's names
}

// smsText is the text of an SMS leg, whose length depends on the values.
type smsText struct {
	leg      int // counted from 1
	text     pattern
	maxParts int
}

func newChecker(c Campaign, m mapping, now time.Time) *checker {
	k := &checker{region: c.Recipients.Region, zone: c.Recipients.Zone, now: now, keyed: m.key >= 0, names: m.names, needed: m.needed, headers: m.entry(m.header)}
	for i, leg := range c.Route.Links() {
		if leg.Channel != SMS {
			continue
		}
		k.sms = true
		if p, err := parsePattern(leg.Content.Text); err == nil {
			k.texts = append(k.texts, smsText{leg: i + 1, text: p, maxParts: leg.MaxParts})
		}
	}
	return k
}

// check makes a recipient of a row, or says why not: the first reason in the order of
// number, key, values, time and length.
func (k *checker) check(at Row, e entry) (Recipient, *Reject) {
	no := func(reason Reason, header, format string, args ...any) (Recipient, *Reject) {
		return Recipient{}, &Reject{Line: int(at.Line), Column: header, Reason: reason, Text: fmt.Sprintf(format, args...)}
	}
	if e.to == "" {
		return no(NoNumber, k.headers.to, "no number: want a phone number, as +393401234567")
	}
	to, landline, err := parseNumber(e.to, k.region)
	if err != nil {
		return no(InvalidNumber, k.headers.to, "%s", err)
	}
	if landline && k.sms {
		return no(Landline, k.headers.to, "%s is a landline or a service number: the route's SMS would not arrive", to.Masked())
	}
	if k.keyed && e.key == "" {
		return no(MissingKey, k.headers.key, "no key: want what tells this message from others to the same person")
	}
	for i, value := range e.values[:k.needed] {
		if value == "" {
			return no(MissingPlaceholder, k.headers.values[i], "empty: the route needs it for {%s}", k.names[i])
		}
	}
	r := Recipient{Row: at, To: to, Key: e.key, Variables: k.variables(e.values)}
	if e.due != "" {
		if r.Due, err = k.time(e.due, to); err != nil {
			return no(InvalidDate, k.headers.due, "%s", err)
		}
		if late := k.now.Sub(r.Due); !k.now.IsZero() && late > lateness {
			_, r.IfNew = no(PastDate, k.headers.due, "%s has passed: want a time to come, or none for the campaign's start", r.Due.Format(time.RFC3339))
		}
	}
	if text := k.tooLong(r.Variables); text != "" {
		return no(TextTooLong, "", "%s", text)
	}
	return r, nil
}

// time reads a row's scheduledDate.
func (k *checker) time(text string, to Destination) (time.Time, error) {
	return parseTime(text, func(name string) (*time.Location, error) {
		if name == "" {
			name = k.zone
		}
		if name == RecipientZone {
			name = zoneName(to)
		}
		return k.zones.named(name)
	})
}

func (k *checker) variables(values []string) Variables {
	if len(k.names) == 0 {
		return nil
	}
	v := make(Variables, len(k.names))
	for i, name := range k.names {
		v[name] = values[i]
	}
	return v
}

// tooLong says which SMS takes more parts than its leg allows; "" if none does.
func (k *checker) tooLong(vars Variables) string {
	const always = 70 // bytes that fit into one part in any encoding
	for _, sms := range k.texts {
		text, err := sms.text.fill(vars)
		if err != nil {
			return err.Error()
		}
		if len(text) <= always {
			continue
		}
		encoding, units, parts, forced := Segments(text)
		if parts <= sms.maxParts {
			continue
		}
		because := ""
		if forced != 0 {
			because = fmt.Sprintf(", which %q forces", forced)
		}
		return fmt.Sprintf("the SMS of leg %d takes %d parts (%d units of %s%s): max_parts is %d", sms.leg, parts, units, encoding, because, sms.maxParts)
	}
	return ""
}
