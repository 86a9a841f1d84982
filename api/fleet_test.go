package api_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// crew tells of one queue and one process, as long as Redis is there.
type crew struct{ away bool }

var errAway = errors.New("redis is away")

func (c *crew) Queues(context.Context) ([]api.Queue, error) {
	if c.away {
		return nil, errAway
	}
	return []api.Queue{{Name: "qlara.sms", Pending: 3, Lined: 7, Lines: []api.Queued{{Campaign: "spring", State: "running", Leg: 3, Messages: 7}}}}, nil
}

func (c *crew) Workers(context.Context) ([]api.Worker, error) {
	if c.away {
		return nil, errAway
	}
	return []api.Worker{{Name: "one", State: api.WorkerAlive, Roles: []string{"worker"}, Since: time.Now(), Seen: time.Now()}}, nil
}

func TestQueuesAndWorkers(t *testing.T) {
	t.Parallel()
	c := &crew{}
	h := open(t, func(o *api.Options) { o.Fleet = c })
	var queues api.QueueList
	h.want("queues", h.get("/v1/queues", viewer), 200).into(t, &queues)
	if q := queues.Queues; len(q) != 1 || q[0].Name != "qlara.sms" || q[0].Lined != 7 || len(q[0].Lines) != 1 || q[0].Lines[0].Leg != 3 {
		t.Errorf("queues: %+v", q)
	}
	var workers api.WorkerList
	h.want("workers", h.get("/v1/workers", viewer), 200).into(t, &workers)
	if w := workers.Workers; len(w) != 1 || w[0].Name != "one" || w[0].State != api.WorkerAlive {
		t.Errorf("workers: %+v", w)
	}
	c.away = true
	h.want("queues without Redis", h.get("/v1/queues", viewer), 503)
	h.want("workers without Redis", h.get("/v1/workers", viewer), 503)
}
