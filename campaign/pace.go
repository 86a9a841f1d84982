package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// LegPace is how long a leg's sends take at least, if everybody is tried on it.
type LegPace struct {
	Lane     string  `json:"lane"`
	Limits   []Limit `json:"limits"` // the lane's, the account's and the campaign's
	Seconds  float64 `json:"seconds"`
	Windowed float64 `json:"windowed_seconds,omitempty"` // with the nights between; absent where one window holds all
	Spread   bool    `json:"spread,omitempty"`           // the campaign's spread asks for so long, and not the limits
	Expires  bool    `json:"expires,omitempty"`          // what the first window does not hold is given up
}

// Pace tells, leg by leg, the time that limits demand for so many people. The lane's limits
// are its own and its account's.
func (c Campaign) Pace(people int, limitsOf func(Lane) []Limit) (paces []LegPace) {
	for _, leg := range c.Route {
		limits := append(append([]Limit{}, limitsOf(leg.Lane())...), c.Throttle...)
		fast := fastest(people, limits)
		took := max(fast, c.Spread)
		p := LegPace{Lane: leg.Lane().String(), Limits: limits, Seconds: took.Seconds(), Spread: took > fast}
		if w := c.Window; w != nil && took > w.OpenFor() {
			p.Windowed, p.Expires = windowed(took, w.OpenFor()).Seconds(), w.Expire && !p.Spread
		}
		paces = append(paces, p)
	}
	return paces
}

func (l LegPace) String() string {
	var text string
	switch {
	case l.Spread:
		text = span(l.Seconds) + ", by the campaign's spread"
	case len(l.Limits) == 0:
		return "no limit"
	default:
		text = fmt.Sprintf("%s at least, by %s", span(l.Seconds), l.limits())
	}
	switch {
	case l.Expires:
		text += "; the window ends before, and what is left then expires"
	case l.Windowed > 0:
		text += fmt.Sprintf("; %s with the times outside the window", span(l.Windowed))
	}
	return text
}

func (l LegPace) limits() string {
	words := make([]string, len(l.Limits))
	for i, limit := range l.Limits {
		words[i] = limit.String()
	}
	return strings.Join(words, " ")
}

func span(seconds float64) string {
	return FormatDuration(time.Duration(seconds * float64(time.Second)).Round(time.Second))
}

const day = 24 * time.Hour

// windowed is how long sending takes that begins as the window opens, and rests while it
// is closed. Where everybody has a window of their own zone it takes no longer.
func windowed(took, open time.Duration) time.Duration {
	nights := (took - 1) / open
	return took + nights*(day-open)
}

// fastest is how long after the first of n requests the last one may start, where the
// requests of the shortest window are spread evenly over it.
func fastest(n int, limits []Limit) time.Duration {
	limits = slices.SortedFunc(slices.Values(limits), func(a, b Limit) int {
		return cmp.Or(cmp.Compare(b.Window, a.Window), cmp.Compare(a.N, b.N)) // the longest first
	})
	limits = slices.CompactFunc(limits, func(a, b Limit) bool { return a.Window == b.Window })
	return after(max(n-1, 0), limits)
}

// after is when the request comes that has n before it. A window that its limit has
// filled must pass as a whole; what is left goes at the pace of the shorter ones.
func after(n int, limits []Limit) time.Duration {
	switch len(limits) {
	case 0:
		return 0
	case 1:
		return time.Duration(float64(n) / limits[0].PerSecond() * float64(time.Second))
	}
	longest, shorter := limits[0], limits[1:]
	full := time.Duration(n/longest.N) * longest.Window
	return max(full+after(n%longest.N, shorter), after(n, shorter))
}
