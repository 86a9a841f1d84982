package metrics

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// Options are what Metrics need. All but Build and Lanes may be left out.
type Options struct {
	Build Build
	Lanes []campaign.Lane // which show from the start, with zeros
	// Look reads how the fleet stands; nil: nothing of it is shown.
	Look func(context.Context) (Fleet, error)
	Log  *slog.Logger     // default: slog.Default()
	Now  func() time.Time // default: time.Now
}

// Build says what a process was made of.
type Build struct{ Version, Revision, Go string }

// Metrics are one process's, on a registry of their own. They are safe for use by many
// goroutines.
type Metrics struct {
	registry *prometheus.Registry
	log      *slog.Logger

	messages, throttled, escalations, holds *prometheus.CounterVec
	sendDuration, timeToDelivered           *prometheus.HistogramVec
	overlaps                                prometheus.Counter
	closed                                  map[fallback.Phase]prometheus.Counter

	mu     sync.RWMutex
	meters map[campaign.Lane]*meter
	ways   map[escalation]prometheus.Counter
}

// Buckets: of a request, which is given up after 20 s; and of a receipt, which may take a day.
var (
	sendBuckets     = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}
	deliveryBuckets = []float64{1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400}
)

// New makes the metrics of a process.
func New(o Options) *Metrics {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(), log: o.Log,
		messages: messages.counters(), throttled: throttled.counters(), escalations: escalations.counters(), holds: holdSeconds.counters(),
		sendDuration: sendDuration.histograms(sendBuckets...), timeToDelivered: timeToDelivered.histograms(deliveryBuckets...),
		overlaps: overlaps.counter(), closed: map[fallback.Phase]prometheus.Counter{},
		meters: map[campaign.Lane]*meter{}, ways: map[escalation]prometheus.Counter{},
	}
	ends := closed.counters()
	for _, p := range fallback.Phases() {
		if !p.Open() {
			m.closed[p] = ends.WithLabelValues(p.String())
		}
	}
	for _, reason := range holdReasons {
		m.holds.WithLabelValues(reason)
	}
	for _, l := range o.Lanes {
		m.meters[l] = m.newMeter(l)
	}
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), built(o.Build),
		m.messages, ends, m.throttled, m.escalations, m.holds, m.sendDuration, m.timeToDelivered, m.overlaps,
	)
	if o.Look != nil {
		m.registry.MustRegister(&fleetCollector{look: o.Look, now: o.Now, log: o.Log})
	}
	return m
}

func built(b Build) prometheus.Collector {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts(buildInfo.opts()), buildInfo.Labels)
	g.WithLabelValues(b.Version, b.Revision, b.Go).Set(1)
	return g
}

// ShowCallbacks shows, from now on, what the process' callbacks came to since it started.
// It is called at most once.
func (m *Metrics) ShowCallbacks(read func() []Callback) {
	m.registry.MustRegister(callbackCollector{read})
}

// The reasons of holds. Another than the pacer's own counts as other, so that no caller's
// words become a label.
var holdReasons = []string{ratelimit.ReasonThrottled, ratelimit.ReasonSick, otherReason}

const otherReason = "other"

// Held is ratelimit.Options.Held: it counts for how much longer a place stands still.
func (m *Metrics) Held(_ ratelimit.Scope, reason string, longer time.Duration) {
	if reason != ratelimit.ReasonThrottled && reason != ratelimit.ReasonSick {
		reason = otherReason
	}
	m.holds.WithLabelValues(reason).Add(longer.Seconds())
}

// scrapesAtOnce bounds how many are answered at the same time; others are told to come
// again.
const scrapesAtOnce = 4

// Handler shows everything in Prometheus' text form.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: complaints{m.log}, ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapesAtOnce,
	})
}

// complaints are promhttp's, in our log.
type complaints struct{ log *slog.Logger }

func (c complaints) Println(v ...any) { c.log.Warn("a scrape lacks something", "error", v) }
