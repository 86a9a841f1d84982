package campaign

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// spreadOut is a campaign with this window and spread, and the times of n of its people.
func spreadOut(t *testing.T, window string, n int) []time.Time {
	t.Helper()
	c, err := ParseFile("test.yaml", []byte("campaign: even\nstart: 2026-12-01 12:00 Europe/Rome\nspread: 20h\n"+window+
		"\nroute: [{channel: sms, account: a, text: Ciao}]\nrecipients: {region: IT}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	times := make([]time.Time, n)
	for i := range times {
		to := Destination(fmt.Sprintf("+3934012%05d", i))
		id := IDKey{1}.Message(c.ID, to, "")
		if times[i] = c.StartOf(id, to); !times[i].Equal(c.StartOf(id, to)) {
			t.Fatalf("%s has two times", id)
		}
	}
	return times
}

// TestSpreadIsEven counts whose time is in which of ten parts of the open time.
func TestSpreadIsEven(t *testing.T) {
	t.Parallel()
	const people, parts = 20000, 10
	noon := moment(t, "2026-12-01T11:00:00Z")
	for _, x := range []struct {
		window string
		into   func(time.Time) time.Duration // how long the window has been open since the start
	}{
		{"", func(at time.Time) time.Duration { return at.Sub(noon) }},
		// 8 h of it on the first day, 11 h on the second, 1 h on the third.
		{`window: {from: "09:00", to: "20:00", zone: Europe/Rome}`, func(at time.Time) time.Duration {
			nights := at.In(zone(t, "Europe/Rome")).YearDay() - noon.YearDay()
			return at.Sub(noon) - time.Duration(nights)*13*time.Hour
		}},
	} {
		var counts [parts]int
		for _, at := range spreadOut(t, x.window, people) {
			into := x.into(at)
			if into < 0 || into >= 20*time.Hour {
				t.Fatalf("%s: %s is %s into a spread of 20h", x.window, at, into)
			}
			counts[int(into/(2*time.Hour))]++
		}
		for i, n := range counts {
			if n < people/parts*9/10 || n > people/parts*11/10 {
				t.Errorf("%q: %d of %d people in part %d of %d: %v", x.window, n, people, i+1, parts, counts)
			}
		}
	}
}

func TestSpreadIsRefused(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"spread: 2h":   "want a start as well",
		"spread: soon": "want a number and a unit",
		"spread: 0s":   "want more than zero",
		"standing: true\nstart: 2026-12-01T09:00:00Z\nspread: 2h":                                                 "leave the spread out",
		"start: 2026-12-01T09:00:00Z\nspread: 91d":                                                                "more than 90 days, at 24h a day",
		"start: 2026-12-01T09:00:00Z\nspread: 2d\nwindow: {from: \"09:00\", to: \"09:30\", zone: Europe/Rome}":    "more than 90 days, at 30m a day",
		"start: 2026-12-01T09:00:00Z\nspread: 2d\nwindow: {from: \"09:00\", to: \"09:00\", zone: Europe/Rome}":    "the window is empty",
		"start: 2026-12-01T09:00:00Z\nspread: 2d\nwindow: {from: \"09:00\", to: \"20:00\", zone: Europe/Rome}\n#": "",
	} {
		_, err := ParseFile("test.yaml", []byte("campaign: even\n"+head+"\nroute: [{channel: sms, account: a, text: Ciao}]\n"), nil)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", head, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want %q", head, err, want)
		}
	}
}

func TestSpreadAndZoneAreKept(t *testing.T) {
	t.Parallel()
	c, err := ParseFile("test.yaml", []byte("campaign: even\nstart: 2026-12-01T09:00:00Z\nspread: 90m\n"+
		"route: [{channel: sms, account: a, text: Ciao}]\nrecipients: {zone: Europe/Rome}\n"), nil)
	if err != nil || c.Spread != 90*time.Minute || c.Recipients.Zone != "Europe/Rome" {
		t.Fatalf("%+v, %v", c, err)
	}
	if back, err := ParseFile("test.json", c.Canonical(), nil); err != nil || back.Digest() != c.Digest() {
		t.Errorf("%s reads as %+v, %v", c.Canonical(), back, err)
	}
}

func BenchmarkStartOfWithinAWindow(b *testing.B) {
	c := Campaign{Start: moment(b, "2026-12-01T11:00:00Z"), Spread: 20 * time.Hour, Window: &Window{From: 9 * 60, To: 20 * 60, Zone: RecipientZone, Zones: new(Zones)}}
	for b.Loop() {
		c.StartOf(MessageID{9: 200}, "+393401234567")
	}
}
