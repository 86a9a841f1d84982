package campaign

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := loadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func window(t testing.TB, from, to string) Window {
	t.Helper()
	f, err := ParseTimeOfDay(from)
	if err != nil {
		t.Fatal(err)
	}
	u, err := ParseTimeOfDay(to)
	if err != nil {
		t.Fatal(err)
	}
	return Window{From: f, To: u}
}

func TestWindowNext(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ what, from, to, zone, at, opens, closes string }{
		{"before it", "09:00", "20:00", "Europe/Rome", "2026-12-01T05:00:00Z", "2026-12-01T08:00:00Z", "2026-12-01T19:00:00Z"},
		{"at its beginning", "09:00", "20:00", "Europe/Rome", "2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z", "2026-12-01T19:00:00Z"},
		{"inside", "09:00", "20:00", "Europe/Rome", "2026-12-01T12:34:56Z", "2026-12-01T12:34:56Z", "2026-12-01T19:00:00Z"},
		{"at its end", "09:00", "20:00", "Europe/Rome", "2026-12-01T19:00:00Z", "2026-12-02T08:00:00Z", "2026-12-02T19:00:00Z"},
		{"after it", "09:00", "20:00", "Europe/Rome", "2026-12-31T22:00:00Z", "2027-01-01T08:00:00Z", "2027-01-01T19:00:00Z"},
		{"another day there", "09:00", "20:00", "Pacific/Auckland", "2026-12-01T12:00:00Z", "2026-12-01T20:00:00Z", "2026-12-02T07:00:00Z"},
		{"overnight, before midnight", "22:00", "06:00", "Europe/Rome", "2026-12-01T22:30:00Z", "2026-12-01T22:30:00Z", "2026-12-02T05:00:00Z"},
		{"overnight, after midnight", "22:00", "06:00", "Europe/Rome", "2026-12-02T04:00:00Z", "2026-12-02T04:00:00Z", "2026-12-02T05:00:00Z"},
		{"overnight, by day", "22:00", "06:00", "Europe/Rome", "2026-12-02T10:00:00Z", "2026-12-02T21:00:00Z", "2026-12-03T05:00:00Z"},
		{"all day", "00:00", "24:00", "UTC", "2026-12-02T10:00:00Z", "2026-12-02T10:00:00Z", "2026-12-03T00:00:00Z"},
		{"begins in the gap", "02:30", "04:00", "Europe/Rome", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"},
		{"ends in the gap", "01:00", "02:30", "Europe/Rome", "2026-03-29T00:30:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"},
		{"is the gap", "02:10", "02:50", "Europe/Rome", "2026-03-28T12:00:00Z", "2026-03-30T00:10:00Z", "2026-03-30T00:50:00Z"},
		{"begins in the hour that comes twice", "02:30", "04:00", "Europe/Rome", "2026-10-24T22:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T03:00:00Z"},
		{"ends in the hour that comes twice", "01:00", "02:30", "Europe/Rome", "2026-10-24T22:00:00Z", "2026-10-24T23:00:00Z", "2026-10-25T00:30:00Z"},
		{"is in the hour that comes twice", "02:10", "02:50", "Europe/Rome", "2026-10-24T22:00:00Z", "2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z"},
		{"over the night that is longer", "22:00", "06:00", "Europe/Rome", "2026-10-24T21:00:00Z", "2026-10-24T21:00:00Z", "2026-10-25T05:00:00Z"},
	} {
		from, until := window(t, x.from, x.to).Next(moment(t, x.at), zone(t, x.zone))
		if !from.Equal(moment(t, x.opens)) || !until.Equal(moment(t, x.closes)) {
			t.Errorf("%s: %s to %s in %s, from %s on: %s until %s, want %s until %s",
				x.what, x.from, x.to, x.zone, x.at, from.UTC(), until.UTC(), x.opens, x.closes)
		}
	}
}

func TestWindowNextIsInsideTheWindow(t *testing.T) {
	t.Parallel()
	zones := []*time.Location{time.UTC, zone(t, "Europe/Rome"), zone(t, "Pacific/Auckland"), zone(t, "America/St_Johns")}
	rapid.Check(t, func(t *rapid.T) {
		w := Window{From: TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "from")), To: TimeOfDay(rapid.IntRange(1, 1440).Draw(t, "to"))}
		if w.From == w.To {
			w.To++
		}
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		now := time.Unix(rapid.Int64Range(1.7e9, 2e9).Draw(t, "now"), 0)
		from, until := w.Next(now, z)
		if from.Before(now) || !until.After(from) || from.Sub(now) > 49*time.Hour || until.Sub(from) > 25*time.Hour {
			t.Fatalf("%+v from %s on: %s until %s", w, now, from, until)
		}
		again, end := w.Next(from, z)
		if !again.Equal(from) || !end.Equal(until) {
			t.Fatalf("%+v: from %s on it is open %s until %s, but asked then %s until %s", w, now, from, until, again, end)
		}
	})
}

func TestParseTimeOfDay(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]TimeOfDay{"00:00": 0, "09:00": 540, "9:05": 545, "23:59": 1439, "24:00": 1440} {
		if got, err := ParseTimeOfDay(text); err != nil || got != want {
			t.Errorf("ParseTimeOfDay(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "9", "25:00", "24:01", "09:60", "9am"} {
		if got, err := ParseTimeOfDay(text); err == nil {
			t.Errorf("ParseTimeOfDay(%q) = %d, no error", text, got)
		}
	}
}

func TestZoneOf(t *testing.T) {
	t.Parallel()
	theirs := Campaign{Window: &Window{Zone: RecipientZone}}
	for to, want := range map[Destination]string{
		"+393401234567":  "Europe/Rome",
		"+64212000131":   "Pacific/Auckland",
		"+919820003142":  "Asia/Calcutta",
		"+12125551234":   "America/New_York",
		"+61412345678":   "Australia/Sydney",
		"+8821312345678": "UTC",
		"nonsense":       "UTC",
	} {
		if got := theirs.ZoneOf(to).String(); got != want {
			t.Errorf("ZoneOf(%s) = %s, want %s", to.E164(), got, want)
		}
	}
	rome := Campaign{Window: &Window{Zone: "Europe/Rome"}}
	if got := rome.ZoneOf("+64212000131").String(); got != "Europe/Rome" {
		t.Errorf("the campaign's own zone: %s", got)
	}
	if got := (Campaign{}).ZoneOf("+64212000131"); got != time.UTC {
		t.Errorf("without a window: %s", got)
	}
	var zones Zones
	if a, b := zones.Of(rome, "+39"), zones.Of(rome, "+39"); a != b {
		t.Error("Zones loaded a zone twice")
	}
}
