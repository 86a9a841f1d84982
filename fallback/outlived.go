package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Outlived is what a claim that was refused with ErrTooLate means for the message: it
// expires, or it goes back to the line, for its window is over for today, or seems to
// have yet to open (clocks differ).
func Outlived(c *campaign.Campaign, r *Record, now time.Time) EventKind {
	outlived := c.Expires > 0 && !now.Before(r.Time.Add(c.Expires))
	if outlived || c.Window == nil || c.Window.Expire && !c.Awaits(r.To, r.Time, now) {
		return OnTooLate
	}
	return OnPostponed
}
