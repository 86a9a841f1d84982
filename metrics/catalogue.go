package metrics

import "github.com/prometheus/client_golang/prometheus"

// Kind is what a metric's numbers are.
type Kind string

// The kinds. Untyped is for asynq's gauges whose names end as those of counters do.
const (
	Counter   Kind = "counter"
	Gauge     Kind = "gauge"
	Histogram Kind = "histogram"
	Untyped   Kind = "untyped"
)

// Metric describes one metric.
type Metric struct {
	Name   string
	Kind   Kind
	Labels []string
	// Fleet: every process shows the same, for it stands in Redis: take the max over the
	// processes. Else each process counts its own: take the sum.
	Fleet bool
	Help  string
}

// The metrics that each process counts.
var (
	buildInfo = Metric{"cascade_build_info", Gauge, []string{"version", "revision", "goversion"}, false,
		"Always 1; the labels say which build this process is."}
	messages = Metric{"cascade_messages_total", Counter, []string{"lane", "outcome"}, false,
		"Attempts to send, by what the ledger recorded of them on their lane: claimed (a request was allowed to start; one that then did not, or was answered 429, is claimed anew), accepted or refused by the provider, unknown (no readable answer), then what receipts said: delivered, read, undelivered; or timed_out (no receipt within the leg's wait). One attempt comes to several outcomes, to each but claimed at most once."}
	closed = Metric{"cascade_messages_closed_total", Counter, []string{"phase"}, false,
		"Messages that reached their end, by the phase in which they were closed. A message that is retried may be closed again."}
	sendDuration = Metric{"cascade_send_duration_seconds", Histogram, []string{"lane"}, false,
		"Time from the start of a request to the provider until its answer, or until it was given up."}
	timeToDelivered = Metric{"cascade_time_to_delivered_seconds", Histogram, []string{"lane"}, false,
		"Time from the claim of an attempt until the receipt that said delivered."}
	throttled = Metric{"cascade_throttled_total", Counter, []string{"lane"}, false,
		"Requests that the provider answered with 429. They use up no attempt, and nobody is escalated for them."}
	holdSeconds = Metric{"cascade_hold_seconds_total", Counter, []string{"reason"}, false,
		"Seconds for which lanes and accounts were ordered to stand still, counted when ordered: 429, breaker (the provider is sick), other. Pauses by people are not among them."}
	escalations = Metric{"cascade_escalations_total", Counter, []string{"from", "to", "reason"}, false,
		"Messages that went on to their next leg, by its lane, the lane before, and how the attempt there ended: refused, undelivered, expired, rejected, timed_out."}
	overlaps = Metric{"cascade_overlaps_total", Counter, nil, false,
		"Messages that an earlier channel delivered after a later one was sent. Both cost."}
	callbacks = Metric{"cascade_callbacks_total", Counter, []string{"account", "result"}, false,
		"Callbacks by what came of them (applied, unreadable, refused, too_large, unavailable), and what was in them (orphaned, parked, undefined, inbound, opt_out). The account - stands for none that there is."}
)

// The metrics of the fleet, as Redis tells it.
var (
	redisUp = Metric{"cascade_redis_up", Gauge, nil, false,
		"1 if this process could read the state of the fleet from Redis, else 0. While it is 0 none of the metrics of the fleet is shown."}
	redisUsed = Metric{"cascade_redis_memory_used_bytes", Gauge, nil, true,
		"Memory that Redis uses; of a cluster, the fullest primary."}
	redisMax = Metric{"cascade_redis_memory_max_bytes", Gauge, nil, true,
		"Redis' maxmemory; absent where there is none, or the server hides it. Imports are refused from 75 % of it on."}
	lineDue = Metric{"cascade_line_due", Gauge, []string{"lane"}, true,
		"Messages of running campaigns that wait in line and whose time has come."}
	lineOldest = Metric{"cascade_line_oldest_seconds", Gauge, []string{"lane"}, true,
		"For how long the first of those messages has been due, but for campaigns with a throttle of their own; 0 if none is."}
	alarmsPending = Metric{"cascade_alarms_pending", Gauge, nil, true,
		"Alarms that are set: messages that are queued, at a provider, or wait for a receipt."}
	alarmLag = Metric{"cascade_alarm_lag_seconds", Gauge, nil, true,
		"By how much the most overdue alarm is late. Some hundredths of a second are usual."}
	limitPerSecond = Metric{"cascade_limit_per_second", Gauge, []string{"lane"}, true,
		"Requests a second that the limits of a lane and its account allow together; absent where there are none."}
	laneState = Metric{"cascade_lane_state", Gauge, []string{"lane", "state"}, true,
		"1 for what the next request on the lane waits for, 0 for the others: free (nothing), limit, gentle (the start after a hold), held (a 429), breaker (the provider is sick), paused (by a person), misconfigured (paused by Cascade until it is mended)."}
	breakerState = Metric{"cascade_breaker_state", Gauge, []string{"lane"}, true,
		"0: closed. 1: half-open, the lane starts gently after a hold. 2: open, the lane is held for the provider's faults. A pause hides it."}
	laneWorkers = Metric{"cascade_lane_workers", Gauge, []string{"lane"}, true,
		"Worker processes that take jobs of the lane."}
	receiptsStopped = Metric{"cascade_receipts_stopped", Gauge, []string{"lane"}, true,
		"1 while no receipt of any kind comes for what was accepted, and the lane's waits stand still for it."}
	receiverFailing = Metric{"cascade_webhook_failing_seconds", Gauge, []string{"receiver"}, true,
		"For how long a receiver of outgoing webhooks has taken none, or wanted none any more; 0 if it takes them. Each is tried again for a day."}
	campaigns = Metric{"cascade_campaigns", Gauge, []string{"state"}, true,
		"Campaigns that are kept, by state."}
	messagesNow = Metric{"cascade_messages", Gauge, []string{"phase"}, true,
		"Messages of all campaigns that are kept, by phase. Accepted is their sum."}
	webhooksWaiting = Metric{"cascade_webhooks_waiting", Gauge, []string{"receiver"}, true,
		"Webhooks that wait until their receiver takes them. They are given up after a day."}
	booksImbalance = Metric{"cascade_books_imbalance", Gauge, nil, true,
		"By how many messages the counts differ from the records, and the open ones from those in lines and on clocks. Anything but 0 is a fault."}
)

// The metrics of the queues, by the names that asynq's own collector gives them.
var (
	queueSize = Metric{"asynq_queue_size", Gauge, []string{"queue"}, true,
		"Tasks on the queue, in any state."}
	queueTasks = Metric{"asynq_tasks_enqueued_total", Untyped, []string{"queue", "state"}, true,
		"Tasks on the queue now, by state. The name is asynq's; it is no counter."}
	queueLatency = Metric{"asynq_queue_latency_seconds", Gauge, []string{"queue"}, true,
		"For how long the oldest pending task has waited."}
	queueProcessed = Metric{"asynq_tasks_processed_total", Counter, []string{"queue"}, true,
		"Tasks that were processed, failed ones among them."}
	queueFailed = Metric{"asynq_tasks_failed_total", Counter, []string{"queue"}, true,
		"Tasks that failed. Jobs do not: what becomes of a message stands in its record."}
	queuePaused = Metric{"asynq_queue_paused_total", Untyped, []string{"queue"}, true,
		"1 if the queue is paused by asynq's own switch, which Cascade does not use. The name is asynq's; it is no counter."}
)

// Catalogue lists every metric of ours, those of the process first.
func Catalogue() []Metric {
	return []Metric{
		buildInfo, messages, closed, sendDuration, timeToDelivered, throttled, holdSeconds, escalations, overlaps, callbacks,
		redisUp, redisUsed, redisMax, lineDue, lineOldest, alarmsPending, alarmLag, limitPerSecond, laneState, breakerState, laneWorkers,
		receiptsStopped, campaigns, messagesNow, webhooksWaiting, receiverFailing, booksImbalance,
		queueSize, queueTasks, queueLatency, queueProcessed, queueFailed, queuePaused,
	}
}

func (d Metric) opts() prometheus.Opts { return prometheus.Opts{Name: d.Name, Help: d.Help} }

func (d Metric) desc() *prometheus.Desc { return prometheus.NewDesc(d.Name, d.Help, d.Labels, nil) }

func (d Metric) counters() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts(d.opts()), d.Labels)
}

func (d Metric) counter() prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts(d.opts()))
}

func (d Metric) histograms(buckets ...float64) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: d.Name, Help: d.Help, Buckets: buckets}, d.Labels)
}
