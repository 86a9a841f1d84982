package store

import (
	"context"
	"errors"

	"github.com/hibiken/asynq"
)

// Together lets the enqueues that f makes with its context travel in one batch. A task
// that is there already is no error.
func Together(ctx context.Context, f func(context.Context) error) error {
	batch := NewBatch()
	err := f(batch.Context(ctx))
	for _, result := range batch.Flush(ctx) {
		if !errors.Is(result.Err, asynq.ErrTaskIDConflict) {
			err = errors.Join(err, result.Err)
		}
	}
	return err
}
