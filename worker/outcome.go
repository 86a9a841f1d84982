package worker

import (
	"time"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// meaning is what an outcome does to the message and to the lane.
type meaning struct {
	event fallback.EventKind
	lane  ratelimit.ResultKind
}

// meanings is the one place that says so. A fault of the provider counts against the
// breaker whatever the kind.
var meanings = map[provider.Kind]meaning{
	provider.Accepted:      {fallback.OnAccepted, ratelimit.OK},
	provider.Postponed:     {fallback.OnPostponed, ratelimit.Neutral},
	provider.Unavailable:   {fallback.OnUnavailable, ratelimit.Neutral},
	provider.Unknown:       {fallback.OnUncertain, ratelimit.Neutral},
	provider.Refused:       {fallback.OnRefused, ratelimit.OK},
	provider.Invalid:       {fallback.OnInvalid, ratelimit.OK},
	provider.OptedOut:      {fallback.OnOptOut, ratelimit.OK},
	provider.Misconfigured: {fallback.OnMisconfigured, ratelimit.Neutral},
}

// result is what the lane's pacer is told.
func result(o provider.Outcome) ratelimit.Result {
	r := ratelimit.Result{Kind: meanings[o.Kind].lane}
	switch {
	case o.Throttled:
		r = ratelimit.Result{Kind: ratelimit.Throttled, RetryAfter: o.RetryAfter, Account: o.Scope == provider.AccountScope}
	case o.Fault:
		r.Kind = ratelimit.Fault
	}
	return r
}

// event is what the message is told. fails is how often the provider has said "try
// later" to this attempt.
func event(job fallback.Job, mark fallback.Stamp, o provider.Outcome, fails uint8, now time.Time) fallback.Event {
	e := fallback.Event{
		Kind: meanings[o.Kind].event, Attempt: job.Attempt, Mark: mark,
		Reason: o.Reason, Throttled: o.Throttled, ProviderID: o.ProviderID,
	}
	switch {
	case o.Throttled:
		if o.RetryAfter > 0 {
			e.At = now.Add(o.RetryAfter)
		}
	case o.Kind == provider.Unavailable, o.Kind == provider.Postponed && o.Fault:
		e.At = now.Add(backoff(fails))
	case o.Kind == provider.Postponed:
		e.At = now.Add(breath)
	}
	return e
}

// breath is how long a message waits that had a claim and missed its slot, so that a
// worker that is too slow for its slots does not spin.
const breath = 250 * time.Millisecond

// backoff is 1, 2, 4, 8, … seconds, at most a minute.
func backoff(fails uint8) time.Duration {
	return min(time.Second<<min(fails, 6), time.Minute)
}
