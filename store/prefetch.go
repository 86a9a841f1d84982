package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"google.golang.org/protobuf/encoding/protowire"
)

// script is one call of a script that asynq makes.
type script struct {
	hash string
	keys []string
	args []any
}

// pipelined makes several calls in one round trip. The error of each is its own.
func (c *QueueClient) pipelined(ctx context.Context, calls []script) []*redis.Cmd {
	answers := make([]*redis.Cmd, 0, len(calls))
	pipe := c.Pipeline()
	for _, call := range calls {
		answers = append(answers, pipe.EvalSha(ctx, call.hash, call.keys, call.args...))
	}
	_, _ = pipe.Exec(ctx) // its error is that of an answer, and each answer is read
	return answers
}

// fromShelf answers a dequeue with a task that was taken ahead, or takes some. It asks
// as asynq itself would, so many times in one round trip.
func (c *QueueClient) fromShelf(ctx context.Context, queue string, call script) *redis.Cmd {
	task, n := c.shelves.take(queue, time.Now())
	if task == "" && n == 0 {
		return emptyQueue(ctx)
	}
	if task == "" {
		answers := c.pipelined(ctx, slices.Repeat([]script{call}, n))
		c.shelve(ctx, queue, answers[1:])
		return answers[0]
	}
	if n > 0 {
		go func() { c.shelve(ctx, queue, c.pipelined(ctx, slices.Repeat([]script{call}, n))) }()
	}
	answer := redis.NewCmd(ctx)
	answer.SetVal(task)
	return answer
}

// shelve keeps the tasks among these answers. Where there was none, or no Redis, asynq
// is told so when it asks again.
func (c *QueueClient) shelve(ctx context.Context, queue string, answers []*redis.Cmd) {
	tasks := make([]string, 0, len(answers))
	for _, answer := range answers {
		if text, err := answer.Text(); err == nil {
			tasks = append(tasks, text)
		}
	}
	if !c.shelves.fill(queue, tasks, time.Now()) {
		c.putBack(ctx, queue, tasks)
	}
}

// putBack returns tasks that nobody has begun to the front of their queue, in their
// order. What cannot be returned is recovered by asynq when its lease has run out, and
// by the ledger's clock long before.
func (c *QueueClient) putBack(ctx context.Context, queue string, tasks []string) {
	keys := []string{asynqKey(queue, "active"), asynqKey(queue, "lease"), asynqKey(queue, "pending")}
	var ids []any
	for _, task := range slices.Backward(tasks) {
		if id, err := taskID(task); err == nil {
			keys, ids = append(keys, asynqKey(queue, "t:"+id)), append(ids, id)
		}
	}
	if len(ids) > 0 {
		_ = c.returns.Run(ctx, c.UniversalClient, keys, ids...).Err() // see above
	}
}

// errNoTask is a task in a form that asynq v0.26.0 does not write.
var errNoTask = errors.New("not a task of asynq's")

// taskID reads the id out of a task as asynq v0.26.0 encodes it (internal/proto,
// TaskMessage: the id is field 3).
func taskID(task string) (string, error) {
	const idField = 3
	for b := []byte(task); len(b) > 0; {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return "", errNoTask
		}
		b = b[n:]
		if number == idField && kind == protowire.BytesType {
			id, n := protowire.ConsumeString(b)
			if n < 0 {
				return "", errNoTask
			}
			return id, nil
		}
		if n = protowire.ConsumeFieldValue(number, kind, b); n < 0 {
			return "", errNoTask
		}
		b = b[n:]
	}
	return "", errNoTask
}
