package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
)

// Front is how a queue stands at its front.
type Front struct {
	Since  time.Time // since when its oldest task waits, by the clock of who enqueued it; zero: none does
	Paused bool      // by asynq's own means, which Cascade does not use
}

// Fronts looks at these queues in two round trips. A task that is taken in between tells
// nothing. Tasks that a server has taken ahead, see shelves, no longer wait.
func Fronts(ctx context.Context, client redis.UniversalClient, queues []string) (map[string]Front, error) {
	oldest, paused := make([]*redis.StringCmd, len(queues)), make([]*redis.IntCmd, len(queues))
	_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, q := range queues {
			oldest[i], paused[i] = p.LIndex(ctx, asynqKey(q, "pending"), -1), p.Exists(ctx, asynqKey(q, "paused"))
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("look at the front of %d queues: %w", len(queues), err)
	}
	fronts := make(map[string]Front, len(queues))
	since := map[string]*redis.StringCmd{}
	_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, q := range queues {
			fronts[q] = Front{Paused: paused[i].Val() > 0}
			if id := oldest[i].Val(); id != "" {
				since[q] = p.HGet(ctx, asynqKey(q, "t:"+id), "pending_since")
			}
		}
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("look since when tasks wait on %d queues: %w", len(queues), err)
	}
	for q, answer := range since {
		if ns, err := strconv.ParseInt(answer.Val(), 10, 64); err == nil && ns > 0 {
			fronts[q] = Front{Since: time.Unix(0, ns).UTC(), Paused: fronts[q].Paused}
		}
	}
	return fronts, nil
}
