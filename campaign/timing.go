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

// beforeItEnds is how long before the end of its time a message's last claim may be
// had: its request may start a little after its claim.
const beforeItEnds = 150 * time.Millisecond

// NotAfter says until when a message may be claimed whose time is at: the end of its
// window or of its time to live, whichever comes first. Zero: no end. While a window
// is closed it is long ago.
func (c *Campaign) NotAfter(to Destination, at, now time.Time) (end time.Time) {
	if c.Expires > 0 {
		end = at.Add(c.Expires)
	}
	if c.Window != nil {
		from, until := c.window(to, at, now)
		if from.After(now) {
			return time.UnixMilli(1)
		}
		if end.IsZero() || until.Before(end) {
			end = until
		}
	}
	if end.IsZero() {
		return end
	}
	return end.Add(-beforeItEnds)
}

// Awaits says whether the window of such a message has yet to open.
func (c *Campaign) Awaits(to Destination, at, now time.Time) bool {
	if c.Window == nil {
		return false
	}
	from, _ := c.window(to, at, now)
	return from.After(now)
}

// window is the one that counts for a message: the present or the next, or, if it
// expires with its window, that of its time and no later one, on whichever leg it is.
func (c *Campaign) window(to Destination, at, now time.Time) (from, until time.Time) {
	when := now
	if c.Window.Expire {
		when = at
	}
	return c.Window.Next(when, c.ZoneOf(to))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
