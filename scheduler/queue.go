package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/fallback"
)

// Queue puts jobs on their lanes' queues. It is fallback.Queue.
type Queue struct {
	Client *asynq.Client
	// Together lets the enqueues that f makes with its context take one round trip. It
	// passes over tasks that are there already. nil: each travels by itself.
	Together func(ctx context.Context, f func(context.Context) error) error
}

// A job's task. Whatever befalls it, the record decides: retries are many and short,
// the archive stays empty, and nothing is kept after the handler.
const (
	maxRetry    = 1000
	taskTimeout = 90 * time.Second
)

// Enqueue takes the jobs to their queues. One that is there already is success.
func (q *Queue) Enqueue(ctx context.Context, jobs []fallback.Job) error {
	all := func(ctx context.Context) error {
		for _, j := range jobs {
			task := asynq.NewTask(j.Type(), j.Payload())
			_, err := q.Client.EnqueueContext(ctx, task, asynq.Queue(j.Lane.String()), asynq.TaskID(j.ID()),
				asynq.MaxRetry(maxRetry), asynq.Timeout(taskTimeout), asynq.Retention(0))
			if err != nil && !errors.Is(err, asynq.ErrTaskIDConflict) {
				return fmt.Errorf("enqueue the job of attempt %s: %w", j.Attempt, err)
			}
		}
		return nil
	}
	if q.Together == nil {
		return all(ctx)
	}
	return q.Together(ctx, all)
}
