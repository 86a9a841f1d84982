package worker

import (
	"context"
	"fmt"
	"strings"

	"github.com/hibiken/asynq"

	"github.com/seed-438792ba/cascade/campaign"
)

// Services that speak asynq enqueue a task of IntakeType on the queue IntakeQueue; its
// payload is the JSON of POST /v1/messages.
const (
	IntakeQueue = "cascade.intake"
	IntakeType  = "cascade:messages"

	intakeConcurrency = 4
)

// Intake takes single messages into their campaigns.
type Intake interface {
	Add(ctx context.Context, messages []campaign.Message) ([]campaign.MessageResult, error)
}

// startIntake begins to take messages from the queue.
func (w *Worker) startIntake() error {
	if w.Intake == nil {
		return nil
	}
	server := w.Server(IntakeQueue, intakeConcurrency)
	if err := server.Start(asynq.HandlerFunc(w.takeIn)); err != nil {
		return err
	}
	w.servers = append(w.servers, server)
	return nil
}

// takeIn takes the messages of one task. What can never be taken goes to the queue's
// archive with the reasons, and what is good has been taken then: to run the task again
// takes nothing twice. Anything else is tried again.
func (w *Worker) takeIn(ctx context.Context, task *asynq.Task) error {
	w.busy.Add(1)
	defer w.busy.Done()
	if task.Type() != IntakeType {
		return fmt.Errorf("a task of another type: want %s: %w", IntakeType, asynq.SkipRetry)
	}
	list, err := campaign.ParseMessages(task.Payload())
	if err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	results, err := w.Intake.Add(ctx, list)
	if err != nil {
		return fmt.Errorf("take %d messages: %w", len(list), err)
	}
	if err := refusals(results); err != nil {
		return fmt.Errorf("%w: %w", err, asynq.SkipRetry)
	}
	return nil
}

// refusals says which messages were rejected, the first few with their texts; nil: none.
func refusals(results []campaign.MessageResult) error {
	const told = 5
	var lines []string
	n := 0
	for i, r := range results {
		if r.Result != campaign.Rejected {
			continue
		}
		if n++; n <= told {
			lines = append(lines, fmt.Sprintf("messages[%d]: %s: %s", i, r.Reason, r.Text))
		}
	}
	if n == 0 {
		return nil
	}
	if n > told {
		lines = append(lines, fmt.Sprintf("and %d more", n-told))
	}
	return fmt.Errorf("%d of %d messages rejected: %s", n, len(results), strings.Join(lines, "; "))
}
