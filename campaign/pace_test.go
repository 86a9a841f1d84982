package campaign

import (
	"testing"
	"time"
)

func TestFastest(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		n      int
		limits []string
		want   time.Duration
	}{
		{0, []string{"50/1s"}, 0},
		{1, []string{"50/1s"}, 0},
		{51, []string{"50/1s"}, time.Second},
		{1_000_000, nil, 0},
		// 1000 take 20 s and then the minute must end; four minutes, and 20 s for the fifth thousand
		{5001, []string{"50/1s", "1000/1m"}, 5 * time.Minute},
		{5000, []string{"1000/1m", "50/1s"}, 4*time.Minute + 19980*time.Millisecond},
		// a longer window that is never full changes nothing
		{1001, []string{"50/1s", "100000/1m"}, 20 * time.Second},
		{1001, []string{"50/1s", "100000/1m", "10000000/1d"}, 20 * time.Second},
		// of two with one window the stricter counts, in whatever order
		{101, []string{"80/1s", "50/1s", "200/1s"}, 2 * time.Second},
		{101, []string{"50/1s", "200/1s", "80/1s"}, 2 * time.Second},
		{2001, []string{"50/1s", "1000/1m", "2000/1d"}, 24 * time.Hour},
	} {
		var limits []Limit
		for _, text := range x.limits {
			limit, err := ParseLimit(text)
			if err != nil {
				t.Fatal(err)
			}
			limits = append(limits, limit)
		}
		if got := fastest(x.n, limits); got != x.want {
			t.Errorf("%d requests within %v take %v, want %v", x.n, x.limits, got, x.want)
		}
	}
}

func TestPaceWithinAWindow(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for _, x := range []struct {
		from, to string
		took     time.Duration
		want     time.Duration
	}{
		{"09:00", "20:00", 11 * hour, 11 * hour},
		{"09:00", "20:00", 12 * hour, 25 * hour},
		{"09:00", "20:00", 22 * hour, 35 * hour},
		{"09:00", "20:00", 23 * hour, 49 * hour},
		{"22:00", "02:00", 5 * hour, 25 * hour}, // over midnight
		{"00:00", "24:00", 30 * hour, 30 * hour},
	} {
		from, err := ParseTimeOfDay(x.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := ParseTimeOfDay(x.to)
		if err != nil {
			t.Fatal(err)
		}
		if got := windowed(x.took, Window{From: from, To: to}.OpenFor()); got != x.want {
			t.Errorf("%v from %s to %s take %v, want %v", x.took, x.from, x.to, got, x.want)
		}
	}
}

func TestPaceTellsOfTheWindow(t *testing.T) {
	t.Parallel()
	limits := []Limit{{N: 1, Window: time.Minute}}
	for want, p := range map[string]LegPace{
		"1h at least, by 1/1m": {Limits: limits, Seconds: 3600},
		"12h at least, by 1/1m; 25h with the times outside the window":                 {Limits: limits, Seconds: 12 * 3600, Windowed: 25 * 3600},
		"12h, by the campaign's spread; 25h with the times outside the window":         {Spread: true, Seconds: 12 * 3600, Windowed: 25 * 3600},
		"12h at least, by 1/1m; the window ends before, and what is left then expires": {Limits: limits, Seconds: 12 * 3600, Windowed: 25 * 3600, Expires: true},
	} {
		if got := p.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
