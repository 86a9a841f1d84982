package metrics

import (
	"testing"
	"time"
)

func TestRecentAnswers(t *testing.T) {
	t.Parallel()
	one, two := New(Options{}), New(Options{})
	for range 90 {
		one.Took(whatsapp).Observe(0.020)
	}
	for range 10 {
		two.Took(whatsapp).Observe(0.400)
	}
	two.Took(sms).Observe(0)
	a, b := one.Recent(), two.Recent()
	if len(a) != 1 || len(b) != 2 {
		t.Fatalf("told of %d and %d lanes, want 1 and 2", len(a), len(b))
	}
	both := a[whatsapp.String()].Plus(b[whatsapp.String()])
	for share, want := range map[float64]time.Duration{0.5: 20 * time.Millisecond, 0.95: 400 * time.Millisecond} {
		if got := both.Quantile(share); got < want*85/100 || got > want*115/100 {
			t.Errorf("the %.0f %% quantile is %s, want about %s", 100*share, got, want)
		}
	}
	if got := (Answers)(nil).Plus(nil).Quantile(0.95); got != 0 {
		t.Errorf("of no requests it is %s, want 0", got)
	}
	if got := Answers(make([]int, classes-1)).Plus(append(make(Answers, classes-1), 1)).Quantile(0.95); got < 20*time.Second {
		t.Errorf("of one that took very long it is %s, want more than 20s", got)
	}
}

func TestAnswersAreForgotten(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	m.Took(sms).Observe(1)
	for i := range beats {
		if len(m.Recent()) != 1 {
			t.Fatalf("forgotten after %d beats, want %d", i, beats)
		}
	}
	if got := m.Recent(); len(got) != 0 {
		t.Errorf("a minute later %v are told, want none", got)
	}
}
