package provider

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Time{
		"2026-01-06T22:46:40+01:00": time.Date(2026, 1, 6, 21, 46, 40, 0, time.UTC),
		"2026-01-06 22:46:40.5":     time.Date(2026, 1, 6, 22, 46, 40, 5e8, time.UTC),
		"9999-12-31T23:59:59Z":      time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"9999-12-31T23:59:59-01:00": {}, "1970-01-01T00:30:00+01:00": {}, "0001-01-01T00:00:00Z": {}, "": {}, "soon": {},
	} {
		if got := Moment(s, time.RFC3339, time.DateTime); got != want {
			t.Errorf("%q became %s, want %s", s, got, want)
		}
	}
}

func TestUnixTimes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Time{
		"1767739600":   time.Date(2026, 1, 6, 22, 46, 40, 0, time.UTC),
		"253402300799": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"253402300800": {}, "9223372036854775807": {}, "9223372036854775808": {}, "0": {}, "-5": {}, "": {}, "soon": {}, "1e9": {},
	} {
		if got := UnixTime(s); got != want {
			t.Errorf("%q became %s, want %s", s, got, want)
		}
	}
	for s, want := range map[string]time.Time{
		"1767739600500":   time.Date(2026, 1, 6, 22, 46, 40, 5e8, time.UTC),
		"253402300800000": {}, "9223372036854775808": {}, "-5": {}, "": {},
	} {
		if got := UnixMilli(s); got != want {
			t.Errorf("%q in milliseconds became %s, want %s", s, got, want)
		}
	}
}
