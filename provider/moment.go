package provider

import (
	"strconv"
	"time"
)

// Moment reads a time in the first of the layouts that fits it. It is zero where none
// does: a time that cannot be read is no reason to lose a receipt.
func Moment(s string, layouts ...string) time.Time {
	for _, layout := range layouts {
		if at, err := time.Parse(layout, s); err == nil {
			return plausible(at)
		}
	}
	return time.Time{}
}

// UnixTime reads a count of seconds since 1970; zero if it is none.
func UnixTime(s string) time.Time { return plausible(time.Unix(count(s), 0)) }

// UnixMilli reads a count of milliseconds since 1970; zero if it is none.
func UnixMilli(s string) time.Time { return plausible(time.UnixMilli(count(s))) }

// count is 0 for what is no number; of one that is too large, the largest.
func count(s string) int64 {
	n, _ := strconv.ParseInt(s, 10, 64)
	return n
}

// plausible is zero for a time of a clock that was never set, and for one beyond the
// year 9999, with which no receipt could be written: JSON has no such year.
func plausible(at time.Time) time.Time {
	if at = at.UTC(); at.Unix() <= 0 || at.Year() > 9999 {
		return time.Time{}
	}
	return at
}
