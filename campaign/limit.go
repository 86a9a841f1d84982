package campaign

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limit is what providers publish: at most N requests start in any window of this
// length.
type Limit struct {
	N      int
	Window time.Duration
}

// ParseLimit reads "50/1s", "1000/1m" or "2000/1d".
func ParseLimit(s string) (Limit, error) {
	count, window, found := strings.Cut(strings.TrimSpace(s), "/")
	n, err := strconv.Atoi(strings.TrimSpace(count))
	if !found || err != nil || n < 1 {
		return Limit{}, fmt.Errorf("limit %q: want a count and a window, as in 50/1s, 1000/1m or 2000/1d", s)
	}
	d, err := ParseDuration(strings.TrimSpace(window))
	if err != nil || d < time.Millisecond {
		return Limit{}, fmt.Errorf("limit %q: want a window of at least 1ms, as in 1s, 1m, 1h or 1d", s)
	}
	return Limit{N: n, Window: d}, nil
}

// PerSecond is the limit's mean rate.
func (l Limit) PerSecond() float64 { return float64(l.N) / l.Window.Seconds() }

func (l Limit) String() string { return strconv.Itoa(l.N) + "/" + FormatDuration(l.Window) }

// MarshalText gives the form that ParseLimit reads.
func (l Limit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads "50/1s".
func (l *Limit) UnmarshalText(b []byte) error {
	parsed, err := ParseLimit(string(b))
	if err != nil {
		return err
	}
	*l = parsed
	return nil
}
