package campaign

import "time"

// Opens says from when a message may go that is due at due (zero: at once): then, or
// when its window opens next. Zero means at once.
func (c *Campaign) Opens(to Destination, due, now time.Time) time.Time {
	if c.Window == nil {
		return due
	}
	at := later(due, now)
	from, _ := c.Window.Next(at, c.ZoneOf(to))
	if from.Equal(now) {
		return time.Time{}
	}
	return from
}

// NotAfter says until when a message may be sent, whose time is at: the end of its
// present window or of its time to live, whichever comes first. Zero: no end.
func (c *Campaign) NotAfter(to Destination, at, now time.Time) (end time.Time) {
	if c.Expires > 0 {
		end = at.Add(c.Expires)
	}
	if c.Window == nil {
		return end
	}
	if from, until := c.Window.Next(now, c.ZoneOf(to)); end.IsZero() || until.Before(end) {
		if end = until; from.After(now) {
			end = now // outside the window nothing may start
		}
	}
	return end
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
