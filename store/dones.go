package store

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// ending is how asynq ends one task: the keys and arguments of its script.
type ending struct {
	keys []string // active, lease, the task's, processed today, processed ever
	args []any    // the task's id, when today's count expires, the most that may be counted
}

// donesMost is how many tasks end in one call.
const donesMost = 100

// errNotThere is what asynq's own script answers for a task that is gone.
var errNotThere = errors.New("NOT FOUND")

// end ends a task, together with those of the same queue that end at this moment.
func (c *QueueClient) end(ctx context.Context, queue string, e ending) *redis.Cmd {
	together, known := c.dones.Load(queue)
	if !known {
		together, _ = c.dones.LoadOrStore(queue, &gather[ending, bool]{most: donesMost, call: c.endAll})
	}
	answer := redis.NewCmd(ctx)
	there, err := together.(*gather[ending, bool]).do(ctx, e)
	switch {
	case err != nil:
		answer.SetErr(err)
	case !there[0]:
		answer.SetErr(errNotThere)
	default:
		answer.SetVal("OK")
	}
	return answer
}

// endAll ends tasks of one queue, and says which were there.
func (c *QueueClient) endAll(ctx context.Context, all []ending) ([]bool, error) {
	first := all[0]
	keys := []string{first.keys[0], first.keys[1], first.keys[3], first.keys[4]}
	args := []any{first.args[1], first.args[2]}
	for _, e := range all {
		keys, args = append(keys, e.keys[2]), append(args, e.args[0])
	}
	return c.scripts.done.Run(ctx, c.UniversalClient, keys, args...).BoolSlice()
}
