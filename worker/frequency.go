package worker

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// tooMany says whether the person has had as many messages as the campaign's frequency
// allows, and then closes the message as failed, with the reason: it holds on every leg, and
// an operator can retry for this reason later, which a suppressed message could not be.
// Nothing is asked for a campaign without it.
func (l *lane) tooMany(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record) (bool, error) {
	if c.Frequency == nil {
		return false, nil
	}
	may, err := l.worker.Ledger.MayReach(ctx, r.To, job.Attempt, *c.Frequency)
	if err != nil || may {
		return false, err
	}
	l.record(ctx, job, r, fallback.Event{Kind: fallback.OnInvalid, Attempt: job.Attempt, Mark: job.Ticket, Reason: provider.ReasonFrequency})
	return true, nil
}
