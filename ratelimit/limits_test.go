package ratelimit

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestLimitsArithmetic(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limits    []string
		spacing   time.Duration
		perSecond float64
		lot       int
		block     int
	}{
		{nil, 0, Limits(nil).PerSecond(), most, 64},
		{[]string{"80/1s"}, 12750 * time.Microsecond, 80, 3, 3},
		{[]string{"1000/1s"}, 1020 * time.Microsecond, 1000, 35, 49},
		{[]string{"5000/1s"}, 204 * time.Microsecond, 5000, 172, 245},
		{[]string{"50/1s", "1000/1m"}, 20400 * time.Microsecond, 50, 2, 2},
		{[]string{"1000/1m", "50/1s"}, 20400 * time.Microsecond, 50, 2, 2},
		{[]string{"3/1s"}, 340 * time.Millisecond, 3, 1, 0},
		{[]string{"9/1s", "3/1s"}, 340 * time.Millisecond, 3, 1, 0},
		{[]string{"2000/1d"}, 43200010 * time.Microsecond, 2000. / 86400, 1, 0},
	} {
		ls := limits(t, c.limits...)
		if got := ls.spacing(); got != c.spacing {
			t.Errorf("%v: spacing %v, want %v", ls, got, c.spacing)
		}
		if got := ls.PerSecond(); got != c.perSecond {
			t.Errorf("%v: %v per second, want %v", ls, got, c.perSecond)
		}
		if got := (scopes{{Limits: ls}, {}}).lot(); got != c.lot {
			t.Errorf("%v: a lease of %d slots, want %d", ls, got, c.lot)
		}
		if got := ls.largestBlock(); got != c.block {
			t.Errorf("%v: largest block %d, want %d", ls, got, c.block)
		}
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	ms := func(n int) time.Time { return time.Unix(1000, 0).Add(time.Duration(n) * time.Millisecond) }
	ls := limits(t, "10/80ms", "3/1s") // spaced by 10 ms; 10 in 100 ms, 3 in 1020 ms
	for _, c := range []struct {
		what   string
		limits Limits
		booked []int
		now    int
		want   int
	}{
		{"no limit", nil, []int{5, 5, 5}, 5, 5},
		{"nothing booked", ls, nil, 7, 7},
		{"even spacing", ls, []int{0}, 3, 10},
		{"spacing is over", ls, []int{0}, 11, 11},
		{"the third back still counts", ls, []int{0, 10, 20}, 30, 1020},
		{"the third back is out of its window", ls, []int{0, 10, 1030}, 1035, 1040},
		{"only the last three count", ls, []int{0, 1, 2, 500, 600, 700}, 800, 1520},
	} {
		var booked []time.Time
		for _, b := range c.booked {
			booked = append(booked, ms(b))
		}
		if got := c.limits.Next(booked, ms(c.now)); !got.Equal(ms(c.want)) {
			t.Errorf("%s: next at %v, want %v", c.what, got.Sub(ms(0)), ms(c.want).Sub(ms(0)))
		}
	}
}

// Whenever somebody asks, and however late within the slack a start is: no window
// ever holds more than N.
func TestNextNeverExceedsAWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var ls Limits
		for range rapid.IntRange(1, 3).Draw(t, "limits") {
			ls = append(ls, campaign.Limit{
				N:      rapid.IntRange(1, 12).Draw(t, "n"),
				Window: time.Duration(rapid.IntRange(20, 2000).Draw(t, "window")) * time.Millisecond,
			})
		}
		now := time.Unix(1000, 0)
		var booked, starts []time.Time
		for range 60 {
			now = now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "later")) * time.Millisecond)
			at := ls.Next(booked, now)
			if at.Before(now) {
				t.Fatalf("slot %v before now", now.Sub(at))
			}
			booked = append(booked, at)
			late := time.Duration(rapid.Int64Range(0, int64(slack)).Draw(t, "late"))
			starts = append(starts, at.Add(late))
		}
		for _, l := range ls {
			for i := range starts {
				if i >= l.N && starts[i].Sub(starts[i-l.N]) < l.Window {
					t.Fatalf("limit %s: %d starts within %v", l, l.N+1, starts[i].Sub(starts[i-l.N]))
				}
			}
		}
	})
}
