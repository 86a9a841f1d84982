package web

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

// ringSeconds is how much of the past the chart of sends shows, and chartLanes how many
// lanes: those that sent most.
const (
	ringSeconds = 300
	chartLanes  = 6
)

// ring keeps how the lanes stood in each of the last seconds in which somebody looked.
type ring struct {
	mu      sync.Mutex
	samples []sample // in the order of their seconds
}

type sample struct {
	second int64
	lanes  []client.Lane
}

// add notes how the lanes stand; once a second counts.
func (r *ring) add(now time.Time, lanes []client.Lane) {
	r.mu.Lock()
	defer r.mu.Unlock()
	second := now.Unix()
	if n := len(r.samples); n > 0 && r.samples[n-1].second >= second {
		return
	}
	r.samples = append(r.samples, sample{second, lanes})
	for second-r.samples[0].second >= ringSeconds {
		r.samples = r.samples[1:]
	}
}

// chart is what the script draws; see draw in assets/dashboard.js.
type chart struct {
	Times []int64     `json:"times"` // every second from the first that was looked at
	Lanes []chartLane `json:"lanes"`
}

type chartLane struct {
	Name      string  `json:"name"`
	Limit     float64 `json:"limit"`     // a second; 0: none
	Sends     []*int  `json:"sends"`     // nil: nobody looked
	Throttled []int   `json:"throttled"` // 1: held by a 429
	all       int
}

// chart gives the last minutes as JSON.
func (r *ring) chart() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := chart{Times: []int64{}, Lanes: []chartLane{}}
	if len(r.samples) == 0 {
		return marshal(c)
	}
	first := r.samples[0].second
	length := int(r.samples[len(r.samples)-1].second-first) + 1
	for i := range length {
		c.Times = append(c.Times, first+int64(i))
	}
	at := map[string]int{}
	for _, s := range r.samples {
		for _, l := range s.lanes {
			i, known := at[l.Name]
			if !known {
				i = len(c.Lanes)
				at[l.Name] = i
				c.Lanes = append(c.Lanes, newChartLane(l.Name, length))
			}
			c.Lanes[i].note(int(s.second-first), l)
		}
	}
	return marshal(c.busiest())
}

func newChartLane(name string, length int) chartLane {
	return chartLane{Name: name, Sends: make([]*int, length), Throttled: make([]int, length)}
}

func (c *chartLane) note(at int, l client.Lane) {
	c.Limit, c.Sends[at] = l.PerSecond, &l.Observed
	c.all += l.Observed
	if l.State == "held" && l.Reason == throttledReason {
		c.Throttled[at] = 1
	}
}

func (c chart) busiest() chart {
	if len(c.Lanes) > chartLanes {
		slices.SortStableFunc(c.Lanes, func(a, b chartLane) int { return cmp.Compare(b.all, a.all) })
		c.Lanes = c.Lanes[:chartLanes]
	}
	return c
}

func marshal(c chart) string {
	text, _ := json.Marshal(c) // numbers and names always are JSON
	return string(text)
}
