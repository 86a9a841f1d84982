package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store"
)

// noQueue takes jobs and does nothing with them.
type noQueue struct{}

func (noQueue) Enqueue(context.Context, []fallback.Job) error { return nil }

// accepted takes n people of a running campaign to where the provider has their
// message and receipts are due, through the same door and without a worker.
func (h *house) accepted(ctx context.Context, c *store.Campaign, n int) ([]campaign.AttemptID, error) {
	const atOnce = 250
	door := &fallback.Door{Ledger: h.store, Book: h.store, Queue: noQueue{}}
	line := fallback.Head{Campaign: c.Number, Lane: c.Route[0].Lane()}
	ids := make([]campaign.AttemptID, 0, n)
	for len(ids) < n {
		records, err := h.store.Due(ctx, line, min(atOnce, n-len(ids)))
		if err != nil || len(records) == 0 {
			return nil, fmt.Errorf("take %d people to the provider, of whom %d are there: %w", n, len(ids), err)
		}
		now := time.Now()
		results, err := door.Judge(ctx, now, records, fallback.OnTurn)
		for _, kind := range []fallback.EventKind{fallback.OnClaim, fallback.OnAccepted} {
			if err == nil {
				results, err = door.Advance(ctx, now, orders(results, kind)...)
			}
		}
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if r.Err != nil || r.After.State.Phase != fallback.Waiting {
				return nil, fmt.Errorf("message %s is %s and not waiting: %w", r.After.ID, r.After.State.Phase, r.Err)
			}
			ids = append(ids, r.After.Attempt())
		}
	}
	return ids, nil
}

// orders tell those messages the next thing.
func orders(before []fallback.Result, kind fallback.EventKind) []fallback.Order {
	list := make([]fallback.Order, len(before))
	for i := range before {
		after := &before[i].After
		list[i] = fallback.Order{ID: after.ID, Known: after,
			Event: fallback.Event{Kind: kind, Attempt: after.Attempt(), Mark: after.State.Ticket}}
	}
	return list
}
