package campaign

import (
	"fmt"
	"strings"
	"time"
)

// zonedLayout is Qlara's documented form of a time, "2026-12-01 09:00:00.000+0100".
// Reading with it takes any number of decimals, none among them.
const zonedLayout = "2006-01-02 15:04:05-0700"

// ParseInstant reads a row's scheduledDate: the Qlara form or RFC 3339. The result is
// in UTC.
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
	if t, err := ParseInstant(s); err == nil {
		return t, nil
	}
	i := strings.LastIndexByte(s, ' ')
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		clock, err := time.Parse(layout, s[:max(i, 0)])
		if err != nil {
			continue
		}
		zone, err := loadZone(s[i+1:])
		if err != nil {
			return time.Time{}, err
		}
		return onTheWall(clock, zone).UTC(), nil
	}
	return time.Time{}, fmt.Errorf("%q: want a time as 2026-12-01 09:00 Europe/Rome or 2026-12-01T09:00:00+01:00", s)
}

// loadZone finds an IANA zone; "" and "Local", which differ by machine, are none.
func loadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, fmt.Errorf("time zone %q: want an IANA name, as in Europe/Rome", name)
}

// onTheWall is the instant at which clocks in the zone show what clock shows in UTC,
// by the rule of ParseStart.
func onTheWall(clock time.Time, zone *time.Location) time.Time {
	// A day to either side is beyond any change of clocks that matters here.
	_, before := clock.Add(-24 * time.Hour).In(zone).Zone()
	_, after := clock.Add(24 * time.Hour).In(zone).Zone()
	early, late := max(before, after), min(before, after)
	for _, offset := range []int{early, late} {
		t := clock.Add(-time.Duration(offset) * time.Second).In(zone)
		if _, shown := t.Zone(); shown == offset {
			return t
		}
	}
	change, _ := clock.Add(-time.Duration(late) * time.Second).In(zone).ZoneBounds()
	return change
}
