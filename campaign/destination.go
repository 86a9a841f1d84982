package campaign

import (
	"log/slog"
	"strings"
)

// Destination is a person's number in E.164 form, with its plus. It is personal
// data: String, LogValue and the fmt verbs show it masked; E164 gives it whole.
type Destination string

// E164 gives the whole number, as "+393401234567". Only the wire and the record
// may have it.
func (d Destination) E164() string { return string(d) }

// Masked keeps the country's beginning and the last two digits: "+39********67".
func (d Destination) Masked() string {
	const head, tail = 3, 2
	s := string(d)
	if len(s) <= head+tail {
		return strings.Repeat("*", len(s))
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}

func (d Destination) String() string { return d.Masked() }

// GoString masks the number for %#v as well.
func (d Destination) GoString() string { return d.Masked() }

// LogValue masks the number in logs.
func (d Destination) LogValue() slog.Value { return slog.StringValue(d.Masked()) }
