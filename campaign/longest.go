package campaign

import "fmt"

// LongestSMS is the longest SMS of a file, without its text: there may be a name in it.
type LongestSMS struct {
	Leg      int    `json:"leg"` // counted from 1
	Line     int    `json:"line"`
	Encoding string `json:"encoding"`
	Units    int    `json:"units"`
	Parts    int    `json:"parts"`
	Forced   string `json:"forced_by,omitempty"` // the first character that GSM-7 does not have
}

// measure fills the texts of a person's SMS legs, and keeps the longest.
func (v *validating) measure(r Recipient) error {
	for i, leg := range v.campaign.Route.Links() {
		if leg.Channel != SMS {
			continue
		}
		content, err := leg.Content.Fill(r.Variables)
		if err != nil {
			return fmt.Errorf("line %d: %w", r.Row.Line, err)
		}
		encoding, units, parts, forced := Segments(content.Text)
		if l := v.LongestSMS; l != nil && (parts < l.Parts || parts == l.Parts && units <= l.Units) {
			continue
		}
		v.LongestSMS = &LongestSMS{Leg: i + 1, Line: int(r.Row.Line), Encoding: encoding.String(), Units: units, Parts: parts}
		if forced != 0 {
			v.LongestSMS.Forced = string(forced)
		}
	}
	return nil
}

func (l LongestSMS) String() string {
	s := fmt.Sprintf("leg %d, line %d: %d units of %s in %s", l.Leg, l.Line, l.Units, l.Encoding, parts(l.Parts))
	for _, r := range l.Forced {
		s += fmt.Sprintf("; %q (%U) forces %s", r, r, l.Encoding)
	}
	return s
}

func parts(n int) string {
	if n == 1 {
		return "1 part"
	}
	return fmt.Sprintf("%d parts", n)
}
