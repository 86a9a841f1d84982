package store

import (
	"context"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// task is one that was dequeued: its id, and what asynq wrote of it.
type task struct{ id, text string }

// fromShelf answers a dequeue with a task that was taken ahead, or takes some in one
// round trip. asynq's first dequeue of all goes this way too; what it asks with, the
// end of a lease and where tasks lie, holds for each of them.
func (c *QueueClient) fromShelf(ctx context.Context, queue string, keys []string, args []any) *redis.Cmd {
	found, n, coming := c.shelves.take(queue, time.Now())
	for coming != nil { // to ask for one meanwhile would find an empty queue, and wait for its bell
		<-coming
		found, n, coming = c.shelves.take(queue, time.Now())
	}
	switch {
	case found.id == "" && n == 0:
		return emptyQueue(ctx)
	case found.id == "":
		tasks, err := c.takeTasks(ctx, keys, args, n)
		if len(tasks) > 0 {
			found = tasks[0]
			tasks = tasks[1:]
		}
		c.shelve(ctx, queue, tasks)
		if err != nil {
			answer := redis.NewCmd(ctx)
			answer.SetErr(err)
			return answer
		}
	case n > 0:
		go func() {
			tasks, _ := c.takeTasks(ctx, keys, args, n) // where Redis is away, asynq is told so when it asks
			c.shelve(ctx, queue, tasks)
		}()
	}
	if found.id == "" {
		return emptyQueue(ctx)
	}
	answer := redis.NewCmd(ctx)
	answer.SetVal(found.text)
	return answer
}

// takeTasks dequeues up to n tasks with what asynq asks for one.
func (c *QueueClient) takeTasks(ctx context.Context, keys []string, args []any, n int) ([]task, error) {
	answer, err := c.scripts.dequeue.Run(ctx, c.UniversalClient, keys, append(slices.Clip(args), n)...).StringSlice()
	if err != nil {
		return nil, err
	}
	tasks := make([]task, 0, len(answer)/2)
	for i := 0; i+1 < len(answer); i += 2 {
		tasks = append(tasks, task{answer[i], answer[i+1]})
	}
	return tasks, nil
}

// shelve keeps tasks for the next dequeues.
func (c *QueueClient) shelve(ctx context.Context, queue string, tasks []task) {
	if !c.shelves.fill(queue, tasks, time.Now()) {
		c.putBack(ctx, queue, tasks)
	}
}

// putBack returns tasks that nobody has begun to the front of their queue, in their
// order. What cannot be returned is recovered by asynq when its lease has run out, and
// by the ledger's clock long before.
func (c *QueueClient) putBack(ctx context.Context, queue string, tasks []task) {
	if len(tasks) == 0 {
		return
	}
	keys := []string{asynqKey(queue, "active"), asynqKey(queue, "lease"), asynqKey(queue, "pending")}
	var ids []any
	for _, t := range slices.Backward(tasks) {
		keys, ids = append(keys, asynqKey(queue, "t:"+t.id)), append(ids, t.id)
	}
	_ = c.scripts.putBack.Run(ctx, c.UniversalClient, keys, ids...).Err() // see above
}
