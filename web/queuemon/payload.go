package queuemon

import (
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// payload is what is shown of a task's payload or result: of a job of ours its attempt,
// whose id whoever may look at messages sees there too, and of everything else how long
// it is.
func payload(taskType string, text []byte) string {
	if taskType == fallback.JobType || taskType == fallback.AskType {
		if job, err := fallback.ParseJob(campaign.Lane{}, text); err == nil {
			return fmt.Sprintf("attempt %s of message %s", job.Attempt, job.Attempt.Message())
		}
	}
	return fmt.Sprintf("%d bytes, not shown: they may hold numbers", len(text))
}
