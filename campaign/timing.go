package campaign

import "time"

// Opens says from when a message may go that is due at due (zero: at once): then, or
// when its window opens next. Zero means at once.
func (c *Campaign) Opens(to Destination, due, now time.Time) time.Time {
	return due
}

// NotAfter says until when a message may be sent, whose time is at: the end of its
// present window or of its time to live, whichever comes first. Zero: no end.
func (c *Campaign) NotAfter(to Destination, at, now time.Time) (end time.Time) {
	if c.Expires > 0 {
		end = at.Add(c.Expires)
	}
	return end
}
