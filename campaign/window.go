package campaign

import (
	"fmt"
	"time"
)

// RecipientZone is the Window.Zone that means the zone of each person's number.
const RecipientZone = "recipient"

// endOfDay is 24:00, which only a window's end may be.
const endOfDay = TimeOfDay(24 * 60)

// Next is the earliest time from t on at which the window is open in this zone, and
// when it then closes. A window whose To is not after its From runs over midnight.
//
// On days when clocks change it is open at no time at which a clock on the wall there
// shows one outside of it: From or To in a gap is the gap's end; From in an hour that
// comes twice is the second, To the first. A window that falls into the gap as a whole is
// left out, one that falls into the hour that comes twice is open the first time.
func (w Window) Next(t time.Time, zone *time.Location) (from, until time.Time) {
	y, m, d := t.In(zone).Date()
	for day := d - 1; ; day++ {
		from, until = w.of(y, m, day, zone)
		if until.After(t) && until.After(from) {
			break
		}
	}
	if t.After(from) {
		from = t
	}
	return from, until
}

// of is the window that begins on a day. One that is not there that day ends as it begins.
func (w Window) of(y int, m time.Month, day int, zone *time.Location) (from, until time.Time) {
	last := day
	if w.To <= w.From {
		last++
	}
	first, from := onTheWall(w.From.on(y, m, day), zone)
	until, _ = onTheWall(w.To.on(y, m, last), zone)
	if !until.After(from) {
		from = first
	}
	return from, until
}

// ParseTimeOfDay reads "09:00"; "24:00" is the end of the day.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if s == endOfDay.String() {
		return endOfDay, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0, fmt.Errorf("time of day %q: want hours and minutes, as in 09:00 or 20:30", s)
	}
	return TimeOfDay(t.Hour()*60 + t.Minute()), nil
}

func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText gives the form that ParseTimeOfDay reads.
func (t TimeOfDay) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// on is what a clock shows at this time of a day, as if it stood in UTC.
func (t TimeOfDay) on(y int, m time.Month, day int) time.Time {
	return time.Date(y, m, day, 0, int(t), 0, 0, time.UTC)
}
