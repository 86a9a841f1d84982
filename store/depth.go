package store

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
)

// Depth is how many tasks of a queue stand where.
type Depth struct {
	Pending, Active, Scheduled, Retry, Archived int
}

// Depths counts the tasks of these queues in one round trip. A queue that nobody has
// used yet is empty.
func Depths(ctx context.Context, client redis.UniversalClient, queues []string) (map[string]Depth, error) {
	pipe := client.Pipeline()
	counts := make(map[string][5]*redis.IntCmd, len(queues))
	for _, q := range queues {
		counts[q] = [5]*redis.IntCmd{
			pipe.LLen(ctx, asynqKey(q, "pending")),
			pipe.LLen(ctx, asynqKey(q, "active")),
			pipe.ZCard(ctx, asynqKey(q, "scheduled")),
			pipe.ZCard(ctx, asynqKey(q, "retry")),
			pipe.ZCard(ctx, asynqKey(q, "archived")),
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("count the tasks of %d queues: %w", len(queues), err)
	}
	depths := make(map[string]Depth, len(queues))
	for q, c := range counts {
		n := func(i int) int { return int(c[i].Val()) }
		depths[q] = Depth{Pending: n(0), Active: n(1), Scheduled: n(2), Retry: n(3), Archived: n(4)}
	}
	return depths, nil
}
