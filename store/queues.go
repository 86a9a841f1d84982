package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// QueueFacts are what asynq keeps of one queue.
type QueueFacts struct {
	Depth
	Completed         int           // tasks that are kept after their end
	Processed, Failed int           // since the queue was first used
	Paused            bool          // by asynq's own switch
	Latency           time.Duration // for how long the oldest pending task has waited
}

// kept are the answers about one queue.
type kept struct {
	completed, paused *redis.IntCmd
	processed, failed *redis.StringCmd
	oldest            *redis.StringSliceCmd // the oldest pending task, if there is one
	since             *redis.StringCmd      // when it became so; nil: there is none
}

// QueueFacts reads what is kept of these queues in three round trips. asynq's inspector
// does it with a script for each queue, which fails when one sampled task is just gone.
func (c *QueueClient) QueueFacts(ctx context.Context, queues []string, now time.Time) (map[string]QueueFacts, error) {
	depths, err := Depths(ctx, c.UniversalClient, queues)
	if err != nil {
		return nil, err
	}
	answers := make(map[string]*kept, len(queues))
	err = c.askAll(ctx, func(p redis.Pipeliner) {
		for _, q := range queues {
			answers[q] = &kept{
				completed: p.ZCard(ctx, asynqKey(q, "completed")), paused: p.Exists(ctx, asynqKey(q, "paused")),
				processed: p.Get(ctx, asynqKey(q, "processed")), failed: p.Get(ctx, asynqKey(q, "failed")),
				oldest: p.LRange(ctx, asynqKey(q, "pending"), -1, -1),
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = c.askAll(ctx, func(p redis.Pipeliner) {
		for q, k := range answers {
			for _, id := range k.oldest.Val() {
				k.since = p.HGet(ctx, asynqKey(q, "t:"+id), "pending_since")
			}
		}
	})
	facts := make(map[string]QueueFacts, len(queues))
	for q, k := range answers {
		facts[q] = k.facts(depths[q], now)
	}
	return facts, err
}

// askAll asks in one round trip. What is not there is no error.
func (c *QueueClient) askAll(ctx context.Context, ask func(redis.Pipeliner)) error {
	_, err := c.Pipelined(ctx, func(p redis.Pipeliner) error { ask(p); return nil })
	if err != nil && !errors.Is(err, redis.Nil) {
		return fmt.Errorf("read what asynq keeps of its queues: %w", err)
	}
	return nil
}

// facts puts the answers together. A counter that nobody has used yet is 0, and so is the
// wait for a task that is just gone.
func (k *kept) facts(d Depth, now time.Time) QueueFacts {
	f := QueueFacts{Depth: d, Completed: int(k.completed.Val()), Paused: k.paused.Val() > 0}
	f.Processed, _ = strconv.Atoi(k.processed.Val())
	f.Failed, _ = strconv.Atoi(k.failed.Val())
	if k.since != nil {
		if ns, err := k.since.Int64(); err == nil {
			f.Latency = max(0, now.Sub(time.Unix(0, ns)))
		}
	}
	return f
}
