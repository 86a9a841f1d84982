package worker

import (
	"context"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// tell counts an outcome among those of its campaign, and pauses the lane or the account
// when so many ended with one code that people cannot be the reason. What was refused so
// far has gone to its next leg; what follows waits for a person.
func (l *lane) tell(ctx context.Context, job fallback.Job, o provider.Outcome) {
	runs, number := &l.worker.runs, job.Attempt.Message().Number()
	code, known := l.explain(o.Reason)
	switch o.Kind {
	case provider.Accepted:
		runs.Fine(number, l.Lane.Lane)
	case provider.Refused, provider.Invalid, provider.OptedOut, provider.Unavailable:
		if !known {
			runs.Fine(number, l.Lane.Lane)
			return
		}
		if count := runs.Tell(number, l.Lane.Lane, code.Meaning, code); count > 0 {
			o.Scope = code.Outcome.Scope
			o.Reason = provider.RunReason(l.campaignID(ctx, job), count, o.Reason)
			l.pause(ctx, o, code)
		}
	}
}

func (l *lane) explain(reason string) (provider.Code, bool) {
	if l.Codes == nil {
		return provider.Code{}, false
	}
	return l.Codes.Explain(reason)
}

// campaignID names a job's campaign for people.
func (l *lane) campaignID(ctx context.Context, job fallback.Job) string {
	number := job.Attempt.Message().Number()
	c, err := l.worker.Ledger.Campaign(ctx, number)
	if err != nil {
		return number.String()
	}
	return c.ID
}
