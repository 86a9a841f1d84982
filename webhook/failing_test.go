package webhook

import (
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestAReceiverThatFails(t *testing.T) {
	t.Parallel()
	moved := serve(t, answering(200))
	for name, x := range map[string]struct {
		handler http.HandlerFunc
		most    int64 // calls in one round
		word    string
	}{
		"fails":     {answering(503), failures + defaultConcurrency, "it answered 503"},
		"refuses":   {answering(404), failures + defaultConcurrency, "it answered 404"},
		"redirects": {answering(307, "Location", moved.URL), failures + defaultConcurrency, "redirects are not followed"},
		"hangs up":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, failures + defaultConcurrency, "EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf()
			s.put("crm", 80)
			r := serve(t, x.handler)
			p := s.post(t, map[string]string{"crm": r.URL + "/secret-path"}, here)
			round(t, p)
			st := s.states["crm"]
			if calls := r.calls.Load(); calls < failures || calls > x.most || s.fates[Kept] != 80 {
				t.Errorf("%d calls, %v, want between %d and %d calls and all 80 kept", calls, s.fates, failures, x.most)
			}
			if st.Failing.IsZero() || !st.Held.After(s.now) || !strings.Contains(st.Error, x.word) || strings.Contains(st.Error+s.logs.String(), "secret-path") {
				t.Errorf("it stands as %+v, want it held, for %q\n%s", st, x.word, s.logs.String())
			}
			before := r.calls.Load()
			round(t, p) // it is held
			s.wait(2 * firstWait)
			round(t, p) // it is tried with one
			if calls := r.calls.Load() - before; calls != 1 {
				t.Errorf("%d calls after the hold, want 1", calls)
			}
			for range 200 {
				s.wait(longestHold * 2)
				round(t, p)
			}
			if s.fates[GivenUp] != 80 || len(s.letters["crm"]) != 0 {
				t.Errorf("after more than a day: %v, %d are left, want all 80 given up", s.fates, len(s.letters["crm"]))
			}
		})
	}
	if moved.calls.Load() != 0 {
		t.Errorf("a redirect was followed %d times", moved.calls.Load())
	}
}

func TestAReceiverThatComesBack(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 80)
	var down atomic.Bool
	down.Store(true)
	r := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(500)
		}
	})
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	round(t, p)
	down.Store(false)
	for range 3 {
		s.wait(3 * firstWait)
		round(t, p)
	}
	if s.fates[Delivered] != 80 || s.states["crm"] != (State{}) {
		t.Errorf("%v, and it stands as %+v, want all delivered and it well", s.fates, s.states["crm"])
	}
}

func TestALetterThatIsRefusedStopsNoOther(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 60)
	r := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("webhook-id") == "closed_crm-3" {
			w.WriteHeader(400)
		}
	})
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	round(t, p)
	if s.fates[Delivered] != 59 || s.fates[Kept] != 1 || s.states["crm"] != (State{}) {
		t.Errorf("%v, and it stands as %+v, want 59 delivered, one kept, and it well", s.fates, s.states["crm"])
	}
	s.wait(2 * firstWait)
	round(t, p)
	if st := s.states["crm"]; s.fates[Kept] != 2 || st.Failing.IsZero() || !st.Held.IsZero() || st.Error != "it answered 400" {
		t.Errorf("%v, and it stands as %+v, want the one tried again by itself, and that seen", s.fates, st)
	}
	s.letters["crm"] = append(s.letters["crm"], Letter{Key: "next", ID: "closed_next", Written: s.now, Body: []byte("{}")})
	round(t, p)
	if s.fates[Delivered] != 60 || s.states["crm"] != (State{}) {
		t.Errorf("%v, and it stands as %+v, want the next one delivered at once, and it well", s.fates, s.states["crm"])
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 30)
	r := serve(t, answering(429, "Retry-After", "3600"))
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	round(t, p)
	calls := r.calls.Load()
	if st := s.states["crm"]; calls > defaultConcurrency || st.Held.Before(s.now.Add(time.Hour)) {
		t.Errorf("%d calls, held until %s, want at most %d and an hour", calls, st.Held, defaultConcurrency)
	}
	s.wait(59 * time.Minute)
	round(t, p)
	if r.calls.Load() != calls {
		t.Error("it was called before its time")
	}
	s.wait(2 * time.Minute)
	round(t, p)
	if r.calls.Load() != calls+1 {
		t.Errorf("%d calls when the time was over, want one", r.calls.Load()-calls)
	}
}

func TestAReceiverThatIsGone(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 30)
	r := serve(t, answering(410))
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	round(t, p)
	calls := r.calls.Load()
	if s.states["crm"].Gone.IsZero() || calls > defaultConcurrency {
		t.Fatalf("it stands as %+v after %d calls", s.states["crm"], calls)
	}
	for range 10 {
		s.wait(time.Hour)
		s.put("crm", 1)
		round(t, p)
	}
	if r.calls.Load() != calls {
		t.Error("it was called again")
	}
	s.wait(Lasts)
	round(t, p)
	if s.fates[GivenUp] == 0 || len(s.letters["crm"]) != 0 {
		t.Errorf("a day later: %v, %d are left", s.fates, len(s.letters["crm"]))
	}
}

func TestWhatIsNotForItsAddress(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 20)
	r := serve(t, answering(200))
	name := strings.Replace(r.URL, "127.0.0.1", "localhost", 1) // a name that leads to this machine
	for _, url := range []string{r.URL, name} {
		round(t, s.post(t, map[string]string{"crm": url}, nil))
		st := s.states["crm"]
		if r.calls.Load() != 0 || !strings.Contains(st.Error, "no public address") {
			t.Errorf("%s: %d calls, it stands as %+v", url, r.calls.Load(), st)
		}
		s.wait(time.Hour)
	}
}

func TestWhatIsNotToldAnyMore(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 3)
	s.letters["crm"][1].Body = nil
	s.put("stranger", 2)
	r := serve(t, answering(200))
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	round(t, p)
	want := map[Fate]int{Delivered: 2, Dropped: 1, Kept: 2}
	if !maps.Equal(s.fates, want) || r.calls.Load() != 2 {
		t.Errorf("%v with %d calls, want %v", s.fates, r.calls.Load(), want)
	}
	s.wait(Lasts)
	round(t, p)
	if s.fates[GivenUp] != 2 {
		t.Errorf("%v, want what is for a receiver that nobody knows given up", s.fates)
	}
}
