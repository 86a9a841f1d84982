package metrics

import (
	"math"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Answers count a lane's requests by how long their answers took, the quickest first: a
// form in which processes tell each other of themselves, and that can be added up.
type Answers []int

// How the counts are divided: each class takes a quarter more time than the one before, so
// that a quantile is right to about a tenth. The last one is open.
const (
	quickest = time.Millisecond
	growth   = 1.25
	classes  = 46 // the last but one ends at 23 s; a request is given up after 20 s
)

// Plus gives the sum with others.
func (a Answers) Plus(others Answers) Answers {
	sum := make(Answers, classes)
	copy(sum, a)
	for i := range min(len(others), classes) {
		sum[i] += others[i]
	}
	return sum
}

// Quantile is within what time this share of the requests was answered; 0: there was none.
func (a Answers) Quantile(share float64) time.Duration {
	all := 0
	for _, n := range a {
		all += n
	}
	if all == 0 {
		return 0
	}
	left := share * float64(all)
	for i, n := range a {
		if left -= float64(n); left <= 0 && n > 0 {
			return time.Duration(float64(quickest) * math.Pow(growth, float64(i)+left/float64(n)))
		}
	}
	return time.Duration(float64(quickest) * math.Pow(growth, classes-1))
}

// class is where a request of so many seconds counts: up to growth^class of the quickest.
func class(seconds float64) int {
	c := math.Ceil(math.Log(seconds/quickest.Seconds()) / math.Log(growth))
	return int(max(0, min(c, classes-1))) // also of no time at all
}

// beats is over how many calls of Recent answers are kept: with one every 5 s, a minute.
const beats = 12

// recent observes how long requests take, for the histogram and for Recent.
type recent struct {
	prometheus.Observer
	now [classes]atomic.Int64

	mu   sync.Mutex
	past [beats][classes]int
	at   int
}

func (r *recent) Observe(seconds float64) {
	r.now[class(seconds)].Add(1)
	r.Observer.Observe(seconds)
}

// beat begins anew, and gives what was counted in the last beats; nil: nothing.
func (r *recent) beat() (sum Answers) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = (r.at + 1) % beats
	for i := range r.now {
		r.past[r.at][i] = int(r.now[i].Swap(0))
	}
	for _, beat := range r.past {
		for i, n := range beat {
			if n > 0 && sum == nil {
				sum = make(Answers, classes)
			}
			if n > 0 {
				sum[i] += n
			}
		}
	}
	return sum
}

// Recent is how long each lane's requests took in the last minute, if this is called every
// 5 seconds. Lanes on which there was none are left out.
func (m *Metrics) Recent() map[string]Answers {
	m.mu.RLock()
	defer m.mu.RUnlock()
	all := map[string]Answers{}
	for l, t := range m.meters {
		if a := t.took.beat(); a != nil {
			all[l.String()] = a
		}
	}
	return all
}
