package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Outlived is what a claim that was refused with ErrTooLate means for the message: it
// expires, or its window is over for today and it goes back to the line.
func Outlived(c *campaign.Campaign, r *Record, now time.Time) EventKind {
	outlived := c.Expires > 0 && !now.Before(r.Time.Add(c.Expires))
	if outlived || c.Window == nil || c.Window.Expire {
		return OnTooLate
	}
	return OnPostponed
}
