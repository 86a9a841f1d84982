package worker

import (
	"context"
	"errors"
	"time"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// settle records an outcome, and does what else it obliges us to. The mark is the
// claim's, or the job's ticket where it never came to a claim.
func (l *lane) settle(ctx context.Context, job fallback.Job, r *fallback.Record, mark fallback.Stamp, o provider.Outcome) {
	events := []fallback.Event{event(job, mark, o, r.State.Fails, l.worker.Now())}
	if o.ProviderID != "" {
		events = append(events, l.parked(ctx, job, o.ProviderID)...)
	}
	l.tell(ctx, job, o)
	switch o.Kind {
	case provider.OptedOut:
		l.insist(ctx, "suppress a person", func(ctx context.Context) error { return l.worker.Ledger.Suppress(ctx, r.To) })
	case provider.Misconfigured:
		code, _ := l.explain(o.Reason)
		l.pause(ctx, o, code)
	}
	l.record(ctx, job, r, events...)
}

// parked gives the receipts that came under the provider's own id before it was known.
func (l *lane) parked(ctx context.Context, job fallback.Job, providerID string) (events []fallback.Event) {
	l.insist(ctx, "enter the provider's id", func(ctx context.Context) error {
		receipts, err := l.worker.Ledger.Enter(ctx, job.Lane.Account, providerID, job.Attempt)
		for _, receipt := range receipts {
			if e, ok := fallback.Receipt(receipt); ok {
				events = append(events, e)
			}
		}
		return err
	})
	return events
}

// pause stops the lane or the account until somebody has mended its configuration.
func (l *lane) pause(ctx context.Context, o provider.Outcome, code provider.Code) {
	scope := l.Scope
	if o.Scope == provider.AccountScope {
		scope = l.Account
	}
	reason := code.ToMend(o.Reason)
	l.worker.Log.Error("misconfigured: paused until it is mended and resumed", "what", scope, "reason", reason)
	l.insist(ctx, "pause "+scope.String(), func(ctx context.Context) error {
		return l.worker.Pauser.Pause(ctx, scope, reason, ratelimit.Itself)
	})
}

// record tells a message what happened; known is its record as it was last seen, or
// nil. It keeps trying for as long as this process lives: an outcome that is lost
// would leave the message unknown.
func (l *lane) record(ctx context.Context, job fallback.Job, known *fallback.Record, events ...fallback.Event) {
	id := job.Attempt.Message()
	orders := make([]fallback.Order, len(events))
	for i, e := range events {
		orders[i] = fallback.Order{ID: id, Event: e, Known: known}
	}
	l.insist(ctx, "record the outcome of attempt "+job.Attempt.String(), func(ctx context.Context) error {
		results, err := l.worker.Door.Advance(ctx, l.worker.Now(), orders...)
		for _, r := range results {
			if !fallback.Absent(r.Err) {
				err = errors.Join(err, r.Err)
			}
		}
		return err
	})
}

// advance tells a message one event, once.
func (l *lane) advance(ctx context.Context, now time.Time, e fallback.Event, known *fallback.Record) fallback.Result {
	results, _ := l.worker.Door.Advance(ctx, now, fallback.Order{ID: e.Attempt.Message(), Event: e, Known: known})
	return results[0]
}

// insist tries until it works. Redis being away is all that can keep it from working.
func (l *lane) insist(ctx context.Context, doing string, try func(context.Context) error) {
	ctx = context.WithoutCancel(ctx)
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		err := try(ctx)
		if err == nil {
			return
		}
		l.worker.Log.Warn("trying again", "doing", doing, "error", err)
		<-time.After(pause)
	}
}

var _ Pauser = (*ratelimit.Limiter)(nil)
