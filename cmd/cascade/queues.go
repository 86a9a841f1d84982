package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/worker"
)

// How the asynq servers are set. Jobs are woken by the doorbell of store.QueueClient,
// recovered by the ledger's clock and never kept, so asynq's own polling is rare.
const (
	taskCheck    = 5 * time.Millisecond // after a dequeue that waited for the bell in vain
	delayedCheck = 5 * time.Second      // jobs that failed because Redis was away
	retryAfter   = time.Second
	drainTime    = 30 * time.Second // a request ends within 20 s of its claim
)

// queueNames are the queues of all lanes, in their order, and the one of other services.
func (h *house) queueNames() []string {
	names := make([]string, 0, len(h.lanes)+1)
	for _, l := range h.lanes {
		names = append(names, l.Lane.String())
	}
	return append(names, worker.IntakeQueue)
}

// newServer makes the asynq server of one lane's queue.
func (h *house) newServer(queue string, concurrency int) *asynq.Server {
	return asynq.NewServerFromRedisClient(h.queue, asynq.Config{
		Concurrency:              concurrency,
		Queues:                   map[string]int{queue: 1},
		TaskCheckInterval:        taskCheck,
		DelayedTaskCheckInterval: delayedCheck,
		ShutdownTimeout:          drainTime,
		RetryDelayFunc:           func(int, error, *asynq.Task) time.Duration { return retryAfter },
		IsFailure:                func(error) bool { return false },
		Logger:                   queueLog{h.log.With("part", "asynq", "queue", queue)},
		LogLevel:                 asynq.WarnLevel,
		ErrorHandler: asynq.ErrorHandlerFunc(func(_ context.Context, _ *asynq.Task, err error) {
			h.log.Warn("job put back", "queue", queue, "error", err)
		}),
	})
}

// queueLog is asynq's log, by ours.
type queueLog struct{ log *slog.Logger }

func (l queueLog) Debug(args ...any) { l.log.Debug(fmt.Sprint(args...)) }
func (l queueLog) Info(args ...any)  { l.log.Debug(fmt.Sprint(args...)) }
func (l queueLog) Warn(args ...any)  { l.log.Warn(fmt.Sprint(args...)) }
func (l queueLog) Error(args ...any) { l.log.Error(fmt.Sprint(args...)) }
func (l queueLog) Fatal(args ...any) { l.log.Error(fmt.Sprint(args...)) }
