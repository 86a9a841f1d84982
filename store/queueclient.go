package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// QueueClient is the Redis client that asynq is given. It changes a few things, all in
// the scripts that asynq runs, and passes on what it does not know:
//
//   - A script no longer heeds its context. When Redis was away while a task
//     finished, asynq tries again to write that down, but with a context that it has
//     cancelled itself; so every such task would run twice. The timeouts of the
//     connection still hold.
//   - A dequeue that finds nothing waits for the bell of its queue, instead of
//     asking again and again, and every enqueue rings. A server that is given this
//     client has one queue, for while one waits the others are not asked; and a
//     short TaskCheckInterval, 5 ms, for it sleeps that long besides.
//   - While tasks are taken quickly, dequeues are answered from a shelf that one round
//     trip fills.
//   - What is written of tasks that are done at the same time travels together, and so
//     do enqueues with a Batch in their context.
//
// asynq never closes it; the Redis client beneath is its owner's.
type QueueClient struct {
	redis.UniversalClient
	bell     *Bell
	released chan struct{}
	release  func()
	sources  sync.Map // of enqueue scripts, by hash: what batches load where it is missing
	shelves  shelves
	dones    sync.Map // by queue: the ends of tasks, *gather[ending, bool]
	scripts  scripts
}

// QueueOptions are the options of a QueueClient.
type QueueOptions struct {
	Bell *Bell // nil: nobody waits and nobody rings; asynq polls
}

// NewQueueClient wraps the plain client for asynq's ...FromRedisClient constructors.
func NewQueueClient(client redis.UniversalClient, o QueueOptions) *QueueClient {
	c := &QueueClient{UniversalClient: client, bell: o.Bell, released: make(chan struct{}), scripts: newScripts()}
	c.release = sync.OnceFunc(func() {
		close(c.released)
		for queue, tasks := range c.shelves.close() {
			c.putBack(context.Background(), queue, tasks)
		}
	})
	return c
}

// Release makes every dequeue, those that wait among them, answer that its queue is
// empty, so that no task is taken any more and asynq's Shutdown need not wait. What is
// on a shelf goes back to its queue; tasks in hand are finished as ever. It comes before Shutdown, and there is no way back.
func (c *QueueClient) Release() { c.release() }

// evaluate is the shape of Eval and EvalSha.
type evaluate func(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd

// Eval runs a script of asynq's by its source.
func (c *QueueClient) Eval(ctx context.Context, source string, keys []string, args ...any) *redis.Cmd {
	if batch, queue, task, ok := batched(ctx, keys); ok {
		return batch.add(c, batchedTask{queue: queue, id: task, hash: c.learn(source), keys: keys, args: args})
	}
	return c.run(ctx, c.UniversalClient.Eval, source, keys, args)
}

// EvalSha runs a script of asynq's by its hash.
func (c *QueueClient) EvalSha(ctx context.Context, hash string, keys []string, args ...any) *redis.Cmd {
	if batch, queue, task, ok := batched(ctx, keys); ok {
		if _, known := c.sources.Load(hash); !known {
			return unknownScript(ctx)
		}
		return batch.add(c, batchedTask{queue: queue, id: task, hash: hash, keys: keys, args: args})
	}
	ctx = context.WithoutCancel(ctx)
	if queue, ok := asDequeue(keys); ok {
		return c.dequeue(ctx, queue, func() *redis.Cmd { return c.fromShelf(ctx, queue, keys, args) })
	}
	if queue, ok := asDone(keys); ok {
		return c.end(ctx, queue, ending{keys, args})
	}
	return c.run(ctx, c.UniversalClient.EvalSha, hash, keys, args)
}

func (c *QueueClient) run(ctx context.Context, call evaluate, source string, keys []string, args []any) *redis.Cmd {
	ask := func() *redis.Cmd { return call(context.WithoutCancel(ctx), source, keys, args...) }
	if queue, ok := asDequeue(keys); ok {
		return c.dequeue(ctx, queue, ask)
	}
	answer := ask()
	if queue, _, ok := asEnqueue(keys); ok && answer.Err() == nil {
		c.ring(queue)
	}
	return answer
}

// dequeue asks, and asks once more after a ring. After silence it need not: asynq
// comes back by itself. The lease that a late answer brings was counted from the first
// asking, and is that much shorter.
func (c *QueueClient) dequeue(ctx context.Context, queue string, ask func() *redis.Cmd) *redis.Cmd {
	if c.isReleased() {
		return emptyQueue(ctx)
	}
	if c.bell == nil {
		return ask()
	}
	rung, long := c.bell.Next(queue), c.bell.Patience()
	answer := ask()
	switch err := answer.Err(); {
	case errors.Is(err, redis.Nil):
		if c.wait(rung, long) && !c.isReleased() {
			return ask()
		}
	case err != nil && !redis.HasErrorPrefix(err, "NOSCRIPT"):
		c.wait(nil, bellDeafPatience) // asynq repeats a failed dequeue at once, and for ever
	}
	return answer
}

// wait says whether it rang before the time was up or the client was released.
func (c *QueueClient) wait(rung <-chan struct{}, long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-rung:
		return true
	case <-timer.C:
	case <-c.released:
	}
	return false
}

func (c *QueueClient) isReleased() bool {
	select {
	case <-c.released:
		return true
	default:
		return false
	}
}

func (c *QueueClient) ring(queues ...string) {
	if c.bell != nil {
		c.bell.Ring(queues...)
	}
}

// emptyQueue is what a dequeue of an empty queue answers.
func emptyQueue(ctx context.Context) *redis.Cmd {
	answer := redis.NewCmd(ctx)
	answer.SetErr(redis.Nil)
	return answer
}
