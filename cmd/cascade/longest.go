package main

import (
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// longestSMS is the longest SMS of a file, without its text: there may be a name in it.
type longestSMS struct {
	Leg      int    `json:"leg"` // counted from 1
	Line     int    `json:"line"`
	Encoding string `json:"encoding"`
	Units    int    `json:"units"`
	Parts    int    `json:"parts"`
	Forced   string `json:"forced_by,omitempty"` // the first character that GSM-7 does not have
}

// measure fills the texts of a person's SMS legs, and keeps the longest.
func (v *validation) measure(r campaign.Recipient) error {
	for i, leg := range v.campaign.Route.Links() {
		if leg.Channel != campaign.SMS {
			continue
		}
		content, err := leg.Content.Fill(r.Variables)
		if err != nil {
			return fmt.Errorf("line %d: %w", r.Row.Line, err)
		}
		encoding, units, parts, forced := campaign.Segments(content.Text)
		if l := v.LongestSMS; l != nil && (parts < l.Parts || parts == l.Parts && units <= l.Units) {
			continue
		}
		v.LongestSMS = &longestSMS{Leg: i + 1, Line: int(r.Row.Line), Encoding: encoding.String(), Units: units, Parts: parts}
		if forced != 0 {
			v.LongestSMS.Forced = string(forced)
		}
	}
	return nil
}

func (l longestSMS) String() string {
	s := fmt.Sprintf("leg %d, line %d: %d units of %s in %s", l.Leg, l.Line, l.Units, l.Encoding, plural(l.Parts, "part"))
	for _, r := range l.Forced {
		s += fmt.Sprintf("; %q (%U) forces %s", r, r, l.Encoding)
	}
	return s
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
