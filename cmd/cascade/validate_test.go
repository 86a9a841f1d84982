package main

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
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
		var limits []campaign.Limit
		for _, text := range x.limits {
			limit, err := campaign.ParseLimit(text)
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
