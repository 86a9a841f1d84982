package web

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// queuesPlace is what the lanes have before them: the queues, and the lines behind.
var queuesPlace = page{path: "/queues", template: "queues", title: "Queues", role: api.Viewer, live: true, read: readQueues}

type queuesPage struct {
	Queues []queueView
	Asynq  bool // asynq's own view is served
}

// queueView is a queue as it is at a time.
type queueView struct {
	client.Queue
	now time.Time
}

// Age is for how long the oldest job waits.
func (q queueView) Age() string {
	if q.OldestSince == nil {
		return "–"
	}
	return waited(q.now.Sub(*q.OldestSince))
}

// First says when the first in line could have gone, or will be able to.
func (q queueView) First() string {
	switch {
	case q.DueSince != nil:
		return "for " + waited(q.now.Sub(*q.DueSince))
	case q.NextDue != nil:
		return "in " + duration(q.NextDue.Sub(q.now))
	}
	return "–"
}

// waited is a span that began before now, or a moment ago by another machine's clock.
func waited(d time.Duration) string {
	if d < 10*time.Second {
		return max(0, d).Round(100 * time.Millisecond).String()
	}
	return duration(d)
}

func readQueues(ctx context.Context, v *visit) (any, error) {
	queues, err := v.queues(ctx)
	if err != nil {
		return nil, err
	}
	p := queuesPage{Queues: make([]queueView, len(queues)), Asynq: v.dashboard.queues != nil}
	for i, q := range queues {
		p.Queues[i] = queueView{q, v.now}
	}
	return p, nil
}

// queues are the queues, read once for all who look in the same moment.
func (v *visit) queues(ctx context.Context) ([]client.Queue, error) {
	d := v.dashboard
	return d.queueList.get(ctx, d.now(), d.client.Queues)
}
