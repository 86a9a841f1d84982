package main

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// brake stops lanes for what receipts say of them.
type brake struct{ house *house }

// Misconfigured is api.Brake. Receipts come late: when credit was topped up and the lane
// resumed, those of the messages sent before still say that there is none.
func (b brake) Misconfigured(ctx context.Context, l campaign.Lane, account bool, requested time.Time, reason string) error {
	scope := ratelimit.Lane(l)
	if account {
		scope = ratelimit.Account(l.Account)
	}
	resumed, err := b.house.store.Resumed(ctx, scope.Name)
	if err != nil || requested.Before(resumed) {
		return err
	}
	b.house.log.Error("misconfigured, receipts say: paused until it is mended and resumed", "what", scope.String(), "reason", reason)
	return b.house.limiter.Pause(ctx, scope, reason, ratelimit.Itself)
}

// Throttled is api.Brake.
func (b brake) Throttled(ctx context.Context, l campaign.Lane) error {
	return b.house.limiter.Throttle(ctx, ratelimit.Lane(l))
}
