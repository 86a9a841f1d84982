package webhook

import (
	"testing"
	"time"
)

func TestAgain(t *testing.T) {
	t.Parallel()
	written := time.Unix(1_800_000_000, 0)
	for _, x := range []struct{ age, asked, low, high time.Duration }{
		{0, 0, 4 * time.Second, 6 * time.Second},
		{time.Minute, 0, 48 * time.Second, 72 * time.Second},
		{10 * time.Hour, 0, 48 * time.Minute, 72 * time.Minute},
		{0, time.Hour, time.Hour, time.Hour},
		{23*time.Hour + 50*time.Minute, 0, 10 * time.Minute, 10 * time.Minute}, // its end
		{time.Hour, 24 * time.Hour, 23 * time.Hour, 23 * time.Hour},
	} {
		now := written.Add(x.age)
		low, high := again(written, now, x.asked, 0).Sub(now), again(written, now, x.asked, 1).Sub(now)
		if low != x.low || high != x.high {
			t.Errorf("%s old, asked to wait %s: again in %s to %s, want %s to %s", x.age, x.asked, low, high, x.low, x.high)
		}
	}
	tries := 0
	for now := written; now.Before(written.Add(Lasts)); now = again(written, now, 0, 0.5) {
		tries++
	}
	if tries < 30 || tries > 45 {
		t.Errorf("%d tries in a day", tries)
	}
}

func TestHold(t *testing.T) {
	t.Parallel()
	for failing, want := range map[time.Duration]time.Duration{0: firstWait, time.Minute: time.Minute, time.Hour: longestHold} {
		if got := hold(failing, 0.5); got != want {
			t.Errorf("failing for %s: held %s, want %s", failing, got, want)
		}
	}
}
