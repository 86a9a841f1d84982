package campaign

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// zonedLayout is Qlara's documented form of a time, "2026-12-01 09:00:00.000+0100".
// Reading with it takes any number of decimals, none among them.
const zonedLayout = "2006-01-02 15:04:05-0700"

// ParseInstant reads a time that says how far it is from UTC: the Qlara form or RFC 3339.
// The result is in UTC.
func ParseInstant(s string) (time.Time, error) {
	for _, layout := range []string{zonedLayout, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("want a time as 2026-12-01 09:00:00.000+0100 or 2026-12-01T09:00:00+01:00")
}

// ParseStart reads a campaign's start: what ParseInstant reads, and the time of a
// place, "2026-12-01 09:00 Europe/Rome". Where clocks are put forward and the time
// does not exist, it is the first instant after the gap; where they are put back and
// it comes twice, it is the earlier one. The result is in UTC.
func ParseStart(s string) (time.Time, error) {
	t, err := parseTime(s, loadZone)
	if errors.Is(err, errNoTime) {
		err = fmt.Errorf("%q: %w", s, err)
	}
	return t, err
}

var errNoTime = errors.New("want a time as 2026-12-01 09:00 Europe/Rome or 2026-12-01T09:00:00+01:00")

// parseTime is ParseStart with the zones of another: zone is asked for the name that
// stands behind the time, "" if none does.
func parseTime(s string, zone func(name string) (*time.Location, error)) (time.Time, error) {
	if t, err := ParseInstant(s); err == nil {
		return t, nil
	}
	clock, name, found := cutZone(s)
	if !found {
		return time.Time{}, errNoTime
	}
	place, err := zone(name)
	if err != nil {
		return time.Time{}, err
	}
	first, _ := onTheWall(clock, place)
	return first.UTC(), nil
}

// cutZone reads the time of a place, as what the clock there shows in UTC, and the name
// behind it.
func cutZone(s string) (clock time.Time, zone string, found bool) {
	at, behind := s, ""
	if i := strings.LastIndexByte(s, ' '); i >= 0 && strings.ContainsFunc(s[i:], unicode.IsLetter) {
		at, behind = s[:i], s[i+1:]
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if clock, err := time.Parse(layout, at); err == nil {
			return clock, behind, true
		}
	}
	return time.Time{}, "", false
}

// loadZone finds an IANA zone; "" and "Local", which differ by machine, are none.
func loadZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, errNoTime
	}
	if name != "Local" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, fmt.Errorf("time zone %q: want an IANA name, as in Europe/Rome", name)
}

// onTheWall is the instant at which clocks in the zone show what clock shows in UTC:
// the first and, in an hour that comes twice, the last. Where they never show it, both
// are the end of the gap.
func onTheWall(clock time.Time, zone *time.Location) (first, last time.Time) {
	// A day to either side is beyond any change of clocks that matters here.
	_, before := clock.Add(-24 * time.Hour).In(zone).Zone()
	_, after := clock.Add(24 * time.Hour).In(zone).Zone()
	early, late := max(before, after), min(before, after)
	for _, offset := range []int{early, late} {
		t := clock.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, shown := t.Zone(); shown != offset {
			continue
		}
		if last = t; first.IsZero() {
			first = t
		}
	}
	if first.IsZero() {
		first, _ = clock.Add(-time.Duration(late) * time.Second).In(zone).ZoneBounds()
		last = first
	}
	return first, last
}
