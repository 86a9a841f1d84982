package store

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Batch gathers enqueues so that they take one round trip together. asynq knows of
// none; it is told each time that its task is enqueued, and the truth is in the
// results of Flush:
//
//	batch := store.NewBatch()
//	for ... {
//		if _, err := client.EnqueueContext(batch.Context(ctx), task, options...); err != nil { ... }
//	}
//	for _, result := range batch.Flush(ctx) { ... }
//
// The asynq client must stand on a QueueClient. Tasks for later, unique ones and
// groups do not travel with a batch: they are enqueued at once, and answered by
// EnqueueContext. A Batch is used by one goroutine.
type Batch struct {
	client *QueueClient // of the first task; nil while there is none
	tasks  []batchedTask
}

// BatchResult says what became of one task.
type BatchResult struct {
	Queue, TaskID string

	// Err is nil when the task was enqueued, and wraps asynq.ErrTaskIDConflict when a
	// task of this id is there already, perhaps from this very call: a batch whose
	// answer was lost is sent again.
	Err error
}

type batchedTask struct {
	queue, id, hash string
	keys            []string
	args            []any
}

// NewBatch makes an empty batch.
func NewBatch() *Batch { return &Batch{} }

type batchKey struct{}

// Context gives a context that makes EnqueueContext add to the batch.
func (b *Batch) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, batchKey{}, b)
}

// batched finds the batch with which these keys' enqueue is to travel.
func batched(ctx context.Context, keys []string) (b *Batch, queue, task string, ok bool) {
	if b, ok = ctx.Value(batchKey{}).(*Batch); ok {
		queue, task, ok = asEnqueue(keys)
	}
	return b, queue, task, ok
}

// add answers what the script answers for a task that it enqueued.
func (b *Batch) add(c *QueueClient, t batchedTask) *redis.Cmd {
	b.client, b.tasks = c, append(b.tasks, t)
	answer := redis.NewCmd(context.Background())
	answer.SetVal(int64(1))
	return answer
}

// Flush sends the tasks, rings for their queues, and gives the results in the order of
// the calls, one for each task that was added. It leaves the batch empty.
func (b *Batch) Flush(ctx context.Context) []BatchResult {
	tasks := b.tasks
	b.tasks = nil
	if len(tasks) == 0 {
		return nil
	}
	answers := b.client.enqueue(ctx, tasks)
	results := make([]BatchResult, 0, len(tasks))
	var queues []string
	for i, t := range tasks {
		result := BatchResult{Queue: t.queue, TaskID: t.id, Err: enqueued(answers[i])}
		results = append(results, result)
		if result.Err == nil && !slices.Contains(queues, t.queue) {
			queues = append(queues, t.queue)
		}
	}
	if len(queues) > 0 {
		b.client.ring(queues...)
	}
	return results
}

// enqueued reads the enqueue script's answer: 1, or 0 where the id was there.
func enqueued(answer *redis.Cmd) error {
	n, err := answer.Int64()
	switch {
	case err != nil:
		return fmt.Errorf("enqueue: %w", err)
	case n == 0:
		return fmt.Errorf("enqueue: %w", asynq.ErrTaskIDConflict)
	case n != 1:
		return fmt.Errorf("enqueue: the script answered %d, want 0 or 1", n)
	}
	return nil
}

// enqueue runs the tasks' scripts in one pipeline, and those again that the server did
// not know, after loading them: a pipeline cannot fall back by itself.
func (c *QueueClient) enqueue(ctx context.Context, tasks []batchedTask) []*redis.Cmd {
	answers := c.pipelined(ctx, tasks)
	var again []int
	var repeat []batchedTask
	for i, answer := range answers {
		if redis.HasErrorPrefix(answer.Err(), "NOSCRIPT") {
			again, repeat = append(again, i), append(repeat, tasks[i])
		}
	}
	if len(again) == 0 {
		return answers
	}
	c.load(ctx, repeat)
	for i, answer := range c.pipelined(ctx, repeat) {
		answers[again[i]] = answer
	}
	return answers
}

func (c *QueueClient) pipelined(ctx context.Context, tasks []batchedTask) []*redis.Cmd {
	answers := make([]*redis.Cmd, 0, len(tasks))
	pipe := c.Pipeline()
	for _, t := range tasks {
		answers = append(answers, pipe.EvalSha(ctx, t.hash, t.keys, t.args...))
	}
	_, _ = pipe.Exec(ctx) // its error is that of an answer, and each answer is read
	return answers
}

// load gives the server the scripts of these tasks. Where that fails, they fail again,
// and say why.
func (c *QueueClient) load(ctx context.Context, tasks []batchedTask) {
	loaded := make(map[string]bool)
	for _, t := range tasks {
		if source, known := c.sources.Load(t.hash); known && !loaded[t.hash] {
			_ = c.ScriptLoad(ctx, source.(string)).Err()
			loaded[t.hash] = true
		}
	}
}

// learn keeps the source of an enqueue script, and gives its hash.
func (c *QueueClient) learn(source string) string {
	sum := sha1.Sum([]byte(source)) // by Redis' definition of EVALSHA
	hash := hex.EncodeToString(sum[:])
	c.sources.Store(hash, source)
	return hash
}

// unknownScript is what a server answers that does not know a script. go-redis then
// brings the source.
func unknownScript(ctx context.Context) *redis.Cmd {
	answer := redis.NewCmd(ctx)
	answer.SetErr(redis.ErrNoScript)
	return answer
}
