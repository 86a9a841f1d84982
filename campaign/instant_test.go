package campaign

import (
	"strings"
	"testing"
	"time"
)

func TestParseStart(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ text, want string }{
		{"2026-12-01 09:00 Europe/Rome", "2026-12-01T08:00:00Z"},
		{"2026-07-01 09:00 Europe/Rome", "2026-07-01T07:00:00Z"},
		{"2026-07-01 09:00:30 UTC", "2026-07-01T09:00:30Z"},
		{"2026-12-01T09:00:00+01:00", "2026-12-01T08:00:00Z"},
		{"2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"},
		{"2026-12-01 09:00:00.000+0100", "2026-12-01T08:00:00Z"},
		{"2026-03-29 01:59 Europe/Rome", "2026-03-29T00:59:00Z"},
		{"2026-03-29 02:30 Europe/Rome", "2026-03-29T01:00:00Z"}, // does not exist: the gap's end
		{"2026-03-29 03:00 Europe/Rome", "2026-03-29T01:00:00Z"},
		{"2026-10-25 01:59 Europe/Rome", "2026-10-24T23:59:00Z"},
		{"2026-10-25 02:30 Europe/Rome", "2026-10-25T00:30:00Z"}, // twice: the earlier
		{"2026-10-25 03:00 Europe/Rome", "2026-10-25T02:00:00Z"},
		{"2026-04-05 02:30 Australia/Lord_Howe", "2026-04-04T16:00:00Z"},
		{"2026-04-05 01:45 Australia/Lord_Howe", "2026-04-04T14:45:00Z"}, // half an hour comes twice
		{"2026-10-04 02:15 Australia/Lord_Howe", "2026-10-03T15:30:00Z"}, // half an hour is missing
		{"2011-12-30 12:00 Pacific/Apia", "2011-12-30T10:00:00Z"},        // the whole day is missing
	} {
		got, err := ParseStart(x.text)
		if err != nil || got.Format(time.RFC3339) != x.want || got.Location() != time.UTC {
			t.Errorf("ParseStart(%q) = %s, %v, want %s", x.text, got, err, x.want)
		}
	}
}

func TestParseStartRefuses(t *testing.T) {
	t.Parallel()
	const want = "want a time as 2026-12-01 09:00 Europe/Rome or 2026-12-01T09:00:00+01:00"
	for text, wanted := range map[string]string{
		"":                             want,
		"tomorrow":                     want,
		"2026-12-01":                   want,
		"2026-12-01 09:00":             want,
		"2026-13-01 09:00 Europe/Rome": want,
		"2026-12-01 09:00 Rome":        `time zone "Rome": want an IANA name, as in Europe/Rome`,
		"2026-12-01 09:00 Local":       `time zone "Local": want an IANA name, as in Europe/Rome`,
	} {
		if got, err := ParseStart(text); err == nil || !strings.HasSuffix(err.Error(), wanted) {
			t.Errorf("ParseStart(%q) = %s, %v, want %s", text, got, err, wanted)
		}
	}
}

func TestParseInstant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2025-10-01 09:00:00.000+0000":  "2025-10-01T09:00:00Z",
		"2025-10-01 09:00:00.250+0200":  "2025-10-01T07:00:00.25Z",
		"2025-10-01 09:00:00+0000":      "2025-10-01T09:00:00Z",
		"2025-10-01T09:00:00Z":          "2025-10-01T09:00:00Z",
		"2025-10-01T09:00:00.123-05:00": "2025-10-01T14:00:00.123Z",
	} {
		if got, err := ParseInstant(text); err != nil || got.Format(time.RFC3339Nano) != want {
			t.Errorf("ParseInstant(%q) = %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "01/10/2025", "2025-10-01", "2025-10-01 09:00", "2025-10-01T09:00:00"} {
		if got, err := ParseInstant(text); err == nil {
			t.Errorf("ParseInstant(%q) = %s, no error", text, got)
		}
	}
}
