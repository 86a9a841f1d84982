package main

import (
	"context"
	"os"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/metrics"
	"github.com/seed-438792ba/cascade/store"
)

// fleet is the API's way to the queues and the processes.
type fleet struct{ house *house }

func (f fleet) Queues(ctx context.Context) ([]api.Queue, error) {
	h := f.house
	names := h.queueNames()
	now := time.Now()
	facts, err := h.queue.QueueFacts(ctx, names, now)
	if err != nil {
		return nil, err
	}
	standings, err := h.store.Standings(ctx)
	if err != nil {
		return nil, err
	}
	queues := make([]api.Queue, len(names))
	at := map[string]*api.Queue{}
	for i, name := range names {
		queues[i] = apiQueue(name, facts[name], now)
		at[name] = &queues[i]
	}
	for _, s := range standings {
		if q := at[s.Lane().String()]; q != nil { // not configured any more: no queue, and its line stands still
			line(q, s)
		}
	}
	return queues, nil
}

func apiQueue(name string, f store.QueueFacts, now time.Time) api.Queue {
	q := api.Queue{
		Name: name, Pending: f.Pending, Active: f.Active, Scheduled: f.Scheduled, Retry: f.Retry, Archived: f.Archived, Paused: f.Paused,
	}
	if since := now.Add(-f.Latency).UTC(); f.Latency > 0 {
		q.OldestSince = &since
	}
	return q
}

// line adds a campaign's line to those behind a queue.
func line(q *api.Queue, s store.Standing) {
	q.Lines = append(q.Lines, api.Queued{
		Campaign: s.Campaign.ID, State: string(s.State), Leg: s.Leg + 1, Messages: s.Messages, Due: s.Due, First: s.First,
	})
	q.Lined, q.Due = q.Lined+s.Messages, q.Due+s.Due
	first := &q.NextDue
	if s.Due > 0 {
		first = &q.DueSince
	}
	if *first == nil || s.First.Before(**first) {
		*first = &s.First
	}
	if q.Due > 0 {
		q.NextDue = nil
	}
}

func (f fleet) Workers(ctx context.Context) ([]api.Worker, error) {
	found, err := f.house.store.Processes(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]api.Worker, len(found))
	for i, p := range found {
		list[i] = api.Worker{
			Name: p.Name, State: workerState(p), Roles: p.Roles, Acts: p.Acts, Host: p.Host, PID: p.PID,
			Version: p.Version, Since: p.Since, InHand: p.InHand, Seen: p.Seen,
		}
	}
	return list, nil
}

// answered is how long each lane's requests took in the last minute, over all processes.
func (h *house) answered(ctx context.Context) (map[string]metrics.Answers, error) {
	found, err := h.store.Processes(ctx)
	all := map[string]metrics.Answers{}
	for _, p := range found {
		for lane, answers := range p.Answers {
			if !p.Lost {
				all[lane] = all[lane].Plus(answers)
			}
		}
	}
	return all, err
}

// slowest is the share of answers that is told of as p95.
const slowest = 0.95

func workerState(p store.Process) api.WorkerState {
	switch {
	case p.Lost:
		return api.WorkerLost
	case p.Draining:
		return api.WorkerDraining
	}
	return api.WorkerAlive
}

// presence tells the others of this process until ctx ends, and at once when it begins to
// drain. Who cannot tell because Redis is away is told of by those who notice.
func (h *house) presence(roles []role, inHand func() int, draining <-chan struct{}) func(context.Context) error {
	p := store.Process{Name: h.name, Host: hostname(), PID: os.Getpid(), Version: thisBuild().Version, Since: time.Now().UTC()}
	for _, r := range roles {
		p.Roles = append(p.Roles, string(r))
	}
	return func(ctx context.Context) error {
		ticker := time.NewTicker(store.BeatEvery)
		defer ticker.Stop()
		for {
			p.InHand, p.Answers = inHand(), map[string][]int{}
			for lane, answers := range h.metrics.Recent() {
				p.Answers[lane] = answers
			}
			if err := h.store.Beat(ctx, p); err != nil && ctx.Err() == nil {
				h.log.Debug("the others are not told of this process", "error", err)
			}
			select {
			case <-ticker.C:
			case <-draining:
				p.Draining, draining = true, nil
			case <-ctx.Done():
				last, done := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
				defer done()
				if err := h.store.Leave(last, h.name); err != nil {
					h.log.Debug("the others are not told that this process ends", "error", err)
				}
				return nil
			}
		}
	}
}
