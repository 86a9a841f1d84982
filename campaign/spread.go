package campaign

import (
	"encoding/binary"
	"fmt"
	"time"
)

// maxSpread is how many days may pass from a campaign's start to its last person's time.
const maxSpread = 90

// StartOf is the time of a message that has none of its own: the campaign's start, or the
// message's place in its spread. Its id alone decides which, so a file that is loaded
// twice gives everybody the same time. Zero: at once.
func (c *Campaign) StartOf(id MessageID, to Destination) time.Time {
	if c.Spread == 0 || c.Start.IsZero() {
		return c.Start
	}
	share := float64(id.place()) / (1 << 32)
	into := time.Duration(share * float64(c.Spread)).Truncate(time.Millisecond)
	if c.Window == nil {
		return c.Start.Add(into)
	}
	return c.Window.after(c.Start, into, c.ZoneOf(to))
}

// place is where among all messages this one stands; they are even, for they are a hash.
// Other bits than these choose the shard.
func (m MessageID) place() uint32 { return binary.BigEndian.Uint32(m[9:13]) }

// after is when the window has been open for so long since t.
func (w Window) after(t time.Time, open time.Duration, zone *time.Location) time.Time {
	for {
		from, until := w.Next(t, zone)
		if lasts := until.Sub(from); open >= lasts {
			t, open = until, open-lasts
			continue
		}
		return from.Add(open)
	}
}

// OpenFor is how long the window is open on a day without a change of clocks.
func (w Window) OpenFor() time.Duration {
	minutes := w.To - w.From
	if minutes <= 0 {
		minutes += endOfDay
	}
	return time.Duration(minutes) * time.Minute
}

// wrongSpread says what is wrong with a campaign's spread; "" if nothing is.
func (c *Campaign) wrongSpread() string {
	open := 24 * time.Hour
	if c.Window != nil {
		open = c.Window.OpenFor()
	}
	switch {
	case c.Spread == 0:
		return ""
	case c.Standing:
		return "a standing campaign's messages go when they come: leave the spread out"
	case c.Start.IsZero():
		return "it counts from the campaign's start: want a start as well"
	case open > 0 && c.Spread > maxSpread*open:
		return fmt.Sprintf("it takes more than %d days, at %s a day: want less, or a longer window", maxSpread, FormatDuration(open))
	}
	return ""
}
