package metrics

import "github.com/prometheus/client_golang/prometheus"

// Callback is how often an account's callbacks came to a result.
type Callback struct {
	Account string // "": of no account that there is
	Result  string
	N       uint64
}

// stranger stands in the label for no account; no account can bear the name.
const stranger = "-"

var callbacksDesc = callbacks.desc()

type callbackCollector struct{ read func() []Callback }

func (c callbackCollector) Describe(out chan<- *prometheus.Desc) { out <- callbacksDesc }

func (c callbackCollector) Collect(out chan<- prometheus.Metric) {
	for _, b := range c.read() {
		account := b.Account
		if account == "" {
			account = stranger
		}
		out <- prometheus.MustNewConstMetric(callbacksDesc, prometheus.CounterValue, float64(b.N), account, b.Result)
	}
}
