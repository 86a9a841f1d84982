package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/scheduler"
	"github.com/seed-438792ba/cascade/store"
)

// memory measures what a message with three short variables takes in Redis on its way:
// in line, at the provider, delivered; and what asynq holds while a million are due.
func memory(ctx context.Context, l *lab) (table, error) {
	const ahead = "due, with the scheduler at work"
	n := l.sized(1_000_000)
	stages := []string{"in line", "at the provider", "delivered"}
	t := table{columns: []column{{"bytes", "B a message", 0}, {"messages", "messages", 0}, {"jobs", "jobs on the queue", 0}, {"jobbytes", "B a job", 0}}}
	t.rows = make([]row, len(stages)+1)
	for range l.runs {
		found, err := runMemory(ctx, l, n)
		if err != nil {
			return t, err
		}
		for i, stage := range stages {
			t.rows[i].name, t.rows[i].runs = stage, append(t.rows[i].runs, figures{"bytes": found[i], "messages": float64(n)})
		}
		jobs, err := runAhead(ctx, l, n)
		if err != nil {
			return t, err
		}
		last := &t.rows[len(stages)]
		last.name, last.runs = ahead, append(last.runs, jobs)
	}
	open := max(t.figure(stages[0], "bytes"), t.figure(stages[1], "bytes"))
	t.goal(open <= 450, "an open message takes at most 450 B: %.0f B", open)
	closed := t.figure(stages[2], "bytes")
	t.goal(closed <= 230, "a delivered message takes at most 230 B: %.0f B", closed)
	bound := scheduler.Ahead(0, 64)
	jobs := t.figure(ahead, "jobs")
	t.goal(jobs <= float64(bound), "asynq holds no more than the look-ahead of the lane, %d jobs: %.0f of %d due", bound, jobs, n)
	return t, nil
}

func runMemory(ctx context.Context, l *lab, n int) (found [3]float64, err error) {
	d, err := l.deploy(ctx, plainRedis, site{provider: nobody})
	if err != nil {
		return found, err
	}
	defer d.close()
	empty := d.server.memory(ctx)
	each := func() float64 { return (d.server.memory(ctx) - empty) / float64(n) }
	c, err := d.fill(ctx, crowd{n: n}, true)
	if err != nil {
		return found, err
	}
	found[0] = each()
	ids, err := d.accepted(ctx, c, n)
	if err != nil {
		return found, err
	}
	found[1] = each()
	err = d.delivered(ctx, ids)
	found[2] = each()
	return found, err
}

// delivered takes those messages to their end.
func (h *house) delivered(ctx context.Context, ids []campaign.AttemptID) error {
	const atOnce = 250
	for len(ids) > 0 {
		now := ids[:min(atOnce, len(ids))]
		ids = ids[len(now):]
		list := make([]fallback.Order, len(now))
		for i, id := range now {
			list[i] = fallback.Order{ID: id.Message(), Event: fallback.Event{Kind: fallback.OnDelivered, Attempt: id}}
		}
		results, err := h.door.Advance(ctx, time.Now(), list...)
		if err != nil {
			return err
		}
		for _, r := range results {
			if r.Err != nil || r.After.State.Phase != fallback.Delivered {
				return fmt.Errorf("message %s is %s and not delivered: %w", r.After.ID, r.After.State.Phase, r.Err)
			}
		}
	}
	return nil
}

// runAhead lets a scheduler feed a queue that nobody works, and looks at what stands on
// it when it stays as it is.
func runAhead(ctx context.Context, l *lab, n int) (figures, error) {
	d, err := l.deploy(ctx, plainRedis, site{provider: nobody})
	if err != nil {
		return nil, err
	}
	defer d.close()
	if _, err := d.fill(ctx, crowd{n: n}, true); err != nil {
		return nil, err
	}
	if _, err := d.serve(ctx, "scheduler"); err != nil {
		return nil, err
	}
	jobs, stands := d.jobs(ctx), time.Now()
	err = until(ctx, "the scheduler to fill the queue", time.Minute, func() (bool, error) {
		if now := d.jobs(ctx); now != jobs {
			jobs, stands = now, time.Now()
		}
		return jobs > 0 && time.Since(stands) > 2*time.Second, nil
	})
	return figures{"messages": float64(n), "jobs": float64(jobs), "jobbytes": d.server.jobBytes(ctx, d.lanes[0].Lane.String())}, err
}

// jobs is how many jobs stand on the queues, wherever.
func (h *house) jobs(ctx context.Context) (n int) {
	names := make([]string, len(h.lanes))
	for i, lane := range h.lanes {
		names[i] = lane.Lane.String()
	}
	depths, _ := store.Depths(ctx, h.redis.Client, names)
	for _, d := range depths {
		n += d.Pending + d.Active + d.Scheduled + d.Retry
	}
	return n
}

// jobBytes is what the last job of a queue takes: its task, and its place in the list.
func (s *server) jobBytes(ctx context.Context, queue string) float64 {
	list := "asynq:{" + queue + "}:pending"
	id := s.client.LIndex(ctx, list, 0).Val()
	task := s.client.MemoryUsage(ctx, "asynq:{"+queue+"}:t:"+id).Val()
	all := s.client.MemoryUsage(ctx, list, 0).Val()
	return float64(task) + float64(all)/float64(max(s.client.LLen(ctx, list).Val(), 1))
}
