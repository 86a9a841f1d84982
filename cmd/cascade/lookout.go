package main

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/metrics"
	"github.com/seed-438792ba/cascade/ratelimit"
	"github.com/seed-438792ba/cascade/store"
)

// booksLast is how long a look at the books, and at what was told outside, is believed: it
// costs some for each campaign.
const booksLast = 15 * time.Second

// lookout reads how the fleet stands, for the metrics. It is used by one at a time.
type lookout struct {
	house *house
	books store.Books
	told  []api.Webhook
	seen  time.Time // when both were
}

func (o *lookout) look(ctx context.Context) (f metrics.Fleet, err error) {
	memory, err := store.MemoryUse(ctx, o.house.redis.Client)
	if err != nil {
		return f, err
	}
	f.MemoryUsed, f.MemoryMax = memory.Used, memory.Max
	if err := o.lookAtBooks(ctx, &f); err != nil {
		return f, err
	}
	if err := o.lookAtLanes(ctx, &f); err != nil {
		return f, err
	}
	return f, o.lookAtQueues(ctx, &f)
}

// allStates are every state of a campaign, so that none goes missing when nobody is in it.
var allStates = []store.State{store.Draft, store.Ready, store.Running, store.Paused, store.Cancelled, store.Finished}

func (o *lookout) lookAtBooks(ctx context.Context, f *metrics.Fleet) error {
	if now := time.Now(); now.Sub(o.seen) >= booksLast {
		books, err := o.house.store.Books(ctx)
		if err != nil {
			return err
		}
		if len(o.house.config.Webhooks) > 0 {
			if o.told, err = (webhookDesk{o.house}).Webhooks(ctx); err != nil {
				return err
			}
		}
		o.books, o.seen = books, now
	}
	f.Webhooks = webhooksOf(o.told, time.Now())
	f.Imbalance, f.Campaigns, f.Messages = o.books.Imbalance, map[string]int{}, map[string]int{}
	for _, s := range allStates {
		f.Campaigns[string(s)] = o.books.Campaigns[s]
	}
	for _, p := range fallback.Phases() {
		f.Messages[p.String()] = o.books.Phases[p]
	}
	return nil
}

func webhooksOf(told []api.Webhook, now time.Time) []metrics.Webhook {
	list := make([]metrics.Webhook, len(told))
	for i, w := range told {
		list[i] = metrics.Webhook{Name: w.Name, Waiting: w.Waiting}
		if w.Since != nil {
			list[i].Failing = max(0, now.Sub(*w.Since))
		}
	}
	return list
}

func (o *lookout) lookAtLanes(ctx context.Context, f *metrics.Fleet) error {
	h := o.house
	lanes := make([]campaign.Lane, len(h.lanes))
	for i, l := range h.lanes {
		lanes[i] = l.Lane
	}
	backlog, err := h.store.Backlog(ctx, lanes)
	if err != nil {
		return err
	}
	f.AlarmsPending, f.AlarmLag = backlog.Alarms, backlog.AlarmLag
	found, err := h.limiter.Status(ctx, h.laneQueries())
	if err != nil {
		return err
	}
	workers, err := h.serving()
	if err != nil {
		return err
	}
	silences, err := h.hearing.Silences(ctx)
	if err != nil {
		return err
	}
	for i, l := range h.lanes {
		silence, silent := silences[l.Lane]
		lane := metrics.Lane{
			Name: l.Lane.String(), State: stateOf(found[i]), Breaker: breakerOf(found[i]), PerSecond: perSecond(l),
			Due: backlog.Lines[i].Due, Oldest: backlog.Lines[i].Oldest, Workers: workers[l.Lane],
			Watched: l.Receipts, ReceiptsStopped: silent && silence.Back.IsZero(),
		}
		f.Lanes = append(f.Lanes, lane)
	}
	return nil
}

// stateOf names what the next request on a lane waits for.
func stateOf(s ratelimit.Status) metrics.State {
	switch {
	case s.Cause == ratelimit.Paused && s.By == ratelimit.Itself:
		return metrics.Misconfigured
	case s.Cause == ratelimit.Paused:
		return metrics.Paused
	case s.Cause == ratelimit.Held && s.Reason == ratelimit.ReasonSick:
		return metrics.Sick
	case s.Cause == ratelimit.Held:
		return metrics.Held
	case s.Cause == ratelimit.Starting:
		return metrics.Gentle
	case s.Cause == ratelimit.AtLimit:
		return metrics.AtLimit
	}
	return metrics.Free
}

func breakerOf(s ratelimit.Status) metrics.Breaker {
	switch {
	case s.Cause == ratelimit.Held && s.Reason == ratelimit.ReasonSick:
		return metrics.Open
	case s.Gentle > 0:
		return metrics.HalfOpen
	}
	return metrics.Closed
}

func (o *lookout) lookAtQueues(ctx context.Context, f *metrics.Fleet) error {
	names := o.house.queueNames()
	facts, err := o.house.queue.QueueFacts(ctx, names, time.Now())
	if err != nil {
		return err
	}
	for _, name := range names {
		q := facts[name]
		f.Queues = append(f.Queues, metrics.Queue{
			Name: name, Processed: q.Processed, Failed: q.Failed, Paused: q.Paused, Latency: q.Latency,
			Tasks: map[string]int{
				"pending": q.Pending, "active": q.Active, "scheduled": q.Scheduled, "retry": q.Retry,
				"archived": q.Archived, "completed": q.Completed,
			},
		})
	}
	return nil
}
