package worker

import (
	"context"
	"sync"

	"github.com/hibiken/asynq"
)

// hands are the goroutines that do a lane's jobs, for as long as the worker lives.
// asynq begins a new goroutine for each task, and one that sends needs a deep stack:
// growing it anew for every message took an eighth of a worker's time.
type hands struct {
	chores chan chore
	rest   sync.Once
	wait   sync.WaitGroup
}

type chore struct {
	ctx  context.Context
	task *asynq.Task
	done chan error
}

func newHands(n int, do func(context.Context, *asynq.Task) error) *hands {
	h := &hands{chores: make(chan chore)}
	for range n {
		h.wait.Go(func() {
			for c := range h.chores {
				c.done <- do(c.ctx, c.task)
			}
		})
	}
	return h
}

// do is an asynq handler.
func (h *hands) do(ctx context.Context, task *asynq.Task) error {
	c := chore{ctx, task, make(chan error, 1)}
	h.chores <- c
	return <-c.done
}

// end returns when all hands are at rest. Nobody may bring more.
func (h *hands) end() {
	h.rest.Do(func() { close(h.chores) })
	h.wait.Wait()
}
