package metrics

import (
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

// shower shows numbers of the fleet.
type shower struct{ out chan<- prometheus.Metric }

var valueTypes = map[Kind]prometheus.ValueType{
	Counter: prometheus.CounterValue, Gauge: prometheus.GaugeValue, Untyped: prometheus.UntypedValue,
}

func (s shower) show(m Metric, value float64, labels ...string) {
	s.out <- prometheus.MustNewConstMetric(descs[m.Name], valueTypes[m.Kind], value, labels...)
}

func (s shower) fleet(f Fleet) {
	s.show(alarmsPending, float64(f.AlarmsPending))
	s.show(alarmLag, f.AlarmLag.Seconds())
	s.show(booksImbalance, float64(f.Imbalance))
	if f.MemoryUsed > 0 {
		s.show(redisUsed, float64(f.MemoryUsed))
	}
	if f.MemoryMax > 0 {
		s.show(redisMax, float64(f.MemoryMax))
	}
	for _, state := range slices.Sorted(maps.Keys(f.Campaigns)) {
		s.show(campaigns, float64(f.Campaigns[state]), state)
	}
	for _, phase := range slices.Sorted(maps.Keys(f.Messages)) {
		s.show(messagesNow, float64(f.Messages[phase]), phase)
	}
	for _, w := range f.Webhooks {
		s.show(webhooksWaiting, float64(w.Waiting), w.Name)
		s.show(receiverFailing, w.Failing.Seconds(), w.Name)
	}
	for _, l := range f.Lanes {
		s.lane(l)
	}
	for _, q := range f.Queues {
		s.queue(q)
	}
}

func (s shower) lane(l Lane) {
	for _, state := range states {
		s.show(laneState, truth(l.State == state), l.Name, string(state))
	}
	s.show(breakerState, float64(l.Breaker), l.Name)
	if l.PerSecond > 0 {
		s.show(limitPerSecond, l.PerSecond, l.Name)
	}
	s.show(lineDue, float64(l.Due), l.Name)
	s.show(lineOldest, l.Oldest.Seconds(), l.Name)
	s.show(laneWorkers, float64(l.Workers), l.Name)
	if l.Watched {
		s.show(receiptsStopped, truth(l.ReceiptsStopped), l.Name)
	}
}

func (s shower) queue(q Queue) {
	size := 0
	for _, state := range slices.Sorted(maps.Keys(q.Tasks)) {
		size += q.Tasks[state]
		s.show(queueTasks, float64(q.Tasks[state]), q.Name, state)
	}
	s.show(queueSize, float64(size), q.Name)
	s.show(queueLatency, q.Latency.Seconds(), q.Name)
	s.show(queueProcessed, float64(q.Processed), q.Name)
	s.show(queueFailed, float64(q.Failed), q.Name)
	s.show(queuePaused, truth(q.Paused), q.Name)
}
