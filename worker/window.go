package worker

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// unanswerable says whether the attempt is a free-form WhatsApp message to somebody who
// has not written within 24 hours, and then sends the message to its next leg. A template
// needs no window, and nothing is asked for it.
func (l *lane) unanswerable(ctx context.Context, job fallback.Job, r *fallback.Record, a campaign.Attempt) (bool, error) {
	if a.Channel != campaign.WhatsApp || a.Content.Template != nil {
		return false, nil
	}
	open, err := l.worker.Ledger.WindowOpen(ctx, job.Lane.Account, r.To)
	if err != nil || open {
		return false, err
	}
	l.record(ctx, job, r, fallback.Event{Kind: fallback.OnRefused, Attempt: job.Attempt, Mark: job.Ticket, Reason: provider.ReasonWindowClosed})
	return true, nil
}
