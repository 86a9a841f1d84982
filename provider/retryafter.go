package provider

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait bounds what a provider can ask for: a mistake of its clock must not hold a
// lane for a year.
const maxWait = 24 * time.Hour

// RetryAfter reads the header of that name in both its forms, seconds and a date. A
// date is read against the answer's own Date, for their clocks agree, or else against
// now. It is 0 if there is no such header, or none that can be read, or a date past.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := h.Get("Retry-After")
	until, err := http.ParseTime(value)
	if err != nil {
		return Seconds(value)
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(until.Sub(now), 0), maxWait)
}

// Seconds reads a count of seconds, whole or not, as the time to wait, rounded up to
// a millisecond and at most a day; 0 if it is none.
func Seconds(s string) time.Duration {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(f > 0) { // not greater: NaN as well
		return 0
	}
	if f >= maxWait.Seconds() {
		return maxWait
	}
	return time.Duration(math.Ceil(f*1000)) * time.Millisecond
}
