package metrics

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/ratelimit"
)

func TestTheFleetIsReadOnceForManyScrapes(t *testing.T) {
	t.Parallel()
	looks := 0
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	m := New(Options{
		Now:  func() time.Time { return now },
		Look: func(context.Context) (Fleet, error) { looks++; return Fleet{AlarmsPending: looks}, nil },
	})
	for range 5 {
		m.shows(t, "cascade_alarms_pending 1", "cascade_redis_up 1")
	}
	now = now.Add(fleetLasts)
	m.shows(t, "cascade_alarms_pending 2")
}

// What was true before Redis went away is not shown any more: nobody knows whether it is.
func TestWithoutRedisTheFleetIsNotShown(t *testing.T) {
	t.Parallel()
	m := New(Options{Look: func(context.Context) (Fleet, error) { return Fleet{}, errAway }, Log: slog.New(slog.DiscardHandler)})
	m.shows(t, "cascade_redis_up 0", "cascade_overlaps_total 0")
	if shown := m.shown(t); strings.Contains(shown, "cascade_alarms_pending") {
		t.Errorf("the fleet is shown:\n%s", shown)
	}
}

func TestALaneIsInOneState(t *testing.T) {
	t.Parallel()
	m := New(Options{Look: func(context.Context) (Fleet, error) {
		return Fleet{Lanes: []Lane{{Name: "a.sms", State: Sick, Breaker: Open, PerSecond: 50, Due: 7, Oldest: time.Minute, Workers: 2, Watched: true}}}, nil
	}})
	m.shows(t,
		`cascade_lane_state{lane="a.sms",state="breaker"} 1`,
		`cascade_lane_state{lane="a.sms",state="free"} 0`,
		`cascade_breaker_state{lane="a.sms"} 2`,
		`cascade_limit_per_second{lane="a.sms"} 50`,
		`cascade_line_due{lane="a.sms"} 7`,
		`cascade_line_oldest_seconds{lane="a.sms"} 60`,
		`cascade_lane_workers{lane="a.sms"} 2`,
		`cascade_receipts_stopped{lane="a.sms"} 0`,
	)
}

func TestAReceiverOutsideIsShown(t *testing.T) {
	t.Parallel()
	m := New(Options{Look: func(context.Context) (Fleet, error) {
		return Fleet{Webhooks: []Webhook{{Name: "crm", Waiting: 5, Failing: time.Minute}}}, nil
	}})
	m.shows(t, `cascade_webhooks_waiting{receiver="crm"} 5`, `cascade_webhook_failing_seconds{receiver="crm"} 60`)
}

func TestAQueueShowsAsAsynqShowsIt(t *testing.T) {
	t.Parallel()
	m := New(Options{Look: func(context.Context) (Fleet, error) {
		return Fleet{Queues: []Queue{{Name: "a.sms", Tasks: map[string]int{"pending": 3, "active": 1}, Processed: 9, Latency: 2 * time.Second}}}, nil
	}})
	m.shows(t,
		`asynq_queue_size{queue="a.sms"} 4`,
		`asynq_tasks_enqueued_total{queue="a.sms",state="pending"} 3`,
		`asynq_tasks_processed_total{queue="a.sms"} 9`,
		`asynq_queue_latency_seconds{queue="a.sms"} 2`,
	)
}

func TestWordsOfOthersAreNoLabels(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	m.Held(ratelimit.Scope{}, "somebody's own words", 3*time.Second)
	m.Held(ratelimit.Scope{}, ratelimit.ReasonThrottled, time.Second)
	m.ShowCallbacks(func() []Callback { return []Callback{{Result: "refused", N: 4}, {"a", "applied", 5}} })
	m.shows(t,
		`cascade_hold_seconds_total{reason="other"} 3`, `cascade_hold_seconds_total{reason="429"} 1`,
		`cascade_callbacks_total{account="-",result="refused"} 4`, `cascade_callbacks_total{account="a",result="applied"} 5`,
	)
}
