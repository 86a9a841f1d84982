package simulator

import (
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-438792ba/cascade/campaign"
)

func limits(words ...string) []campaign.Limit {
	var out []campaign.Limit
	for _, w := range words {
		l, err := campaign.ParseLimit(w)
		if err != nil {
			panic(err)
		}
		out = append(out, l)
	}
	return out
}

func TestWindowsSlide(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := start(t, Options{Now: clock.Now, Scenario: Scenario{Limits: Limits{WhatsApp: limits("2/1s", "3/1m")}}})
	for i, c := range []struct {
		after time.Duration
		want  int
		retry string
	}{
		{0, 200, ""},
		{900 * time.Millisecond, 200, ""},
		{50 * time.Millisecond, 429, "1"}, // the first is still in the window
		{50 * time.Millisecond, 200, ""},  // a second after the first; a refused request did not count
		{2 * time.Second, 429, "57"},      // three in this minute
		{57 * time.Second, 200, ""},
	} {
		clock.advance(c.after)
		a := w.send(wa, number("7777"), string(rune('a'+i)))
		if a.Status != c.want || a.Header.Get("Retry-After") != c.retry {
			t.Errorf("request %d: %d, Retry-After %q; want %d, %q", i+1, a.Status, a.Header.Get("Retry-After"), c.want, c.retry)
		}
	}
	if a := w.send(sms, number("7777"), "sms"); a.Status != 200 {
		t.Errorf("another channel: %d, want 200", a.Status)
	}
	st := w.sim.Stats()
	if st.Overshoot != 2 {
		t.Errorf("overshoot %d, want 2", st.Overshoot)
	}
	// The request that was refused in the first second makes three in that window.
	wantWindow(t, st, "whatsapp", "2/1s", 3, 1)
	wantWindow(t, st, "whatsapp", "3/1m", 5, 1)
	wantWindow(t, st, "whatsapp", "", 3, 0)
	wantWindow(t, st, "account", "", 3, 0)
}

func wantWindow(t *testing.T, st Stats, scope, limit string, worst, over int) {
	t.Helper()
	for _, w := range st.Windows {
		if w.Scope == scope && w.Limit == limit {
			if w.Worst != worst || w.Over != over {
				t.Errorf("%s %q: worst %d, overshoot %d; want %d, %d", scope, limit, w.Worst, w.Over, worst, over)
			}
			return
		}
	}
	t.Errorf("no window for %s %q in %+v", scope, limit, st.Windows)
}

func TestAnAccountsLimitHoldsOverItsChannelsOnly(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Now: newClock().Now, Scenario: Scenario{Limits: Limits{Account: limits("2/1s")}}})
	other := func(r *http.Request) { r.Header.Set("X-Api-Key", "another") }
	for i, want := range []int{200, 200, 429} {
		ch := campaign.Channels()[i]
		if a := w.send(ch, number("7777"), "m-"+ch.String()); a.Status != want {
			t.Errorf("%s: %d, want %d", ch, a.Status, want)
		}
	}
	if a := w.must("POST", path(sms), order(sms, number("7777"), "m-4"), other); a.Status != 200 {
		t.Errorf("another account: %d, want 200", a.Status)
	}
}

func TestLimitsChangeLive(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Now: newClock().Now})
	for i, c := range []struct {
		limit string
		want  int
	}{{"1/1s", 200}, {"1/1s", 429}, {"2/1s", 200}, {"1/1s", 200}, {"1/1s", 429}} {
		if err := w.sim.SetScenario(Scenario{Limits: Limits{SMS: limits(c.limit)}}); err != nil {
			t.Fatal(err)
		}
		if a := w.send(sms, number("7777"), string(rune('a'+i))); a.Status != c.want {
			t.Errorf("request %d under %s: %d, want %d", i+1, c.limit, a.Status, c.want)
		}
	}
}

// The window against the plainest reading of "at most N in any W".
func TestWindowAgreesWithCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := campaign.Limit{N: rapid.IntRange(1, 5).Draw(t, "n"), Window: time.Duration(rapid.IntRange(1, 20).Draw(t, "window"))}
		w := newWindow(l)
		now := newClock().Now()
		var seen, admitted []time.Time
		within := func(at []time.Time) (n int) {
			for _, a := range at {
				if now.Sub(a) < l.Window {
					n++
				}
			}
			return n
		}
		worst := 0
		for range rapid.IntRange(0, 200).Draw(t, "requests") {
			now = now.Add(time.Duration(rapid.IntRange(0, 6).Draw(t, "after")))
			seen = append(seen, now)
			worst = max(worst, within(seen))
			w.see(now)
			free := within(admitted) < l.N
			wait := w.wait(now)
			if free != (wait == 0) {
				t.Fatalf("%s: %d admitted in the window, but wait %d", l, within(admitted), wait)
			}
			if free {
				w.admit(now)
				admitted = append(admitted, now)
			}
			if w.worst != worst {
				t.Fatalf("%s: worst %d, counted %d", l, w.worst, worst)
			}
		}
	})
}

func TestOutages(t *testing.T) {
	t.Parallel()
	clock := newClock()
	minute := campaign.Duration(time.Minute)
	w := start(t, Options{Now: clock.Now, Scenario: Scenario{Outages: []Outage{
		{From: minute, To: 2 * minute},
		{From: 3 * minute, To: 4 * minute, Cut: true},
	}}})
	ask := "/partner-gateway/v1/messages/status/m-1?channel=SMS"
	for i, want := range []int{200, 503, 200, 0, 200} {
		a, err := w.do("POST", path(sms), order(sms, number("7777"), "m-1"))
		asked, askErr := w.do("GET", ask, nil)
		if a.Status != want || (err != nil) != (want == 0) {
			t.Errorf("minute %d: %d %v, want %d", i, a.Status, err, want)
		}
		if asked.Status != want || (askErr != nil) != (want == 0) {
			t.Errorf("minute %d, asking: %d %v, want %d", i, asked.Status, askErr, want)
		}
		clock.advance(time.Minute)
	}
	wantAnswers(t, w, "taken_as_new", "unavailable", "duplicate", "unavailable", "duplicate")
}
