package worker

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// enough says whether the person shall get nothing of this campaign, for another has
// reached them or they have had as many messages as its frequency allows. Then it closes
// the message as failed, with the reason: that holds on every leg, and an operator can
// retry for it later, which a suppressed message could not be. Nothing is asked for a
// campaign that says neither.
func (l *lane) enough(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record) (bool, error) {
	reason, err := l.whyEnough(ctx, job, c, r)
	if err != nil || reason == "" {
		return false, err
	}
	l.record(ctx, job, r, fallback.Event{Kind: fallback.OnInvalid, Attempt: job.Attempt, Mark: job.Ticket, Reason: reason})
	return true, nil
}

func (l *lane) whyEnough(ctx context.Context, job fallback.Job, c *campaign.Campaign, r *fallback.Record) (string, error) {
	if len(c.ExcludeReached) > 0 {
		if reached, err := l.worker.Ledger.Reached(ctx, c.ExcludeReached, r.To); err != nil || reached[0] {
			return provider.ReasonReached, err
		}
	}
	if c.Frequency != nil { // last, for it notes who may get one
		if may, err := l.worker.Ledger.MayReach(ctx, r.To, job.Attempt, *c.Frequency); err != nil || !may {
			return provider.ReasonFrequency, err
		}
	}
	return "", nil
}
