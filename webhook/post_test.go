package webhook

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// shelf is boxes in memory, with one box for each receiver.
type shelf struct {
	mu      sync.Mutex
	now     time.Time
	letters map[string][]Letter // by receiver
	due     map[string]time.Time
	fates   map[Fate]int
	states  map[string]State
	rested  map[string]time.Time
	logs    strings.Builder
}

func newShelf() *shelf {
	return &shelf{
		now: time.Unix(1_800_000_000, 0), letters: map[string][]Letter{}, due: map[string]time.Time{},
		fates: map[Fate]int{}, states: map[string]State{}, rested: map[string]time.Time{},
	}
}

func (s *shelf) put(receiver string, n int) {
	for i := range n {
		key := fmt.Sprintf("%s-%d", receiver, i)
		s.letters[receiver] = append(s.letters[receiver], Letter{Key: key, ID: "closed_" + key, Written: s.now, Body: []byte(`{"n":` + strconv.Itoa(i) + `}`)})
		s.due[key] = s.now
	}
}

func (s *shelf) Due(context.Context) (boxes []Box, next time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, letters := range s.letters {
		if slices.ContainsFunc(letters, func(l Letter) bool { return !s.due[l.Key].After(s.now) }) && !s.rested[name].After(s.now) {
			boxes = append(boxes, Box{Name: name, Receiver: name})
		}
	}
	return boxes, -1, nil
}

func (s *shelf) Take(_ context.Context, b Box, n int, keep time.Duration) (list []Letter, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.letters[b.Receiver] {
		if len(list) < n && !s.due[l.Key].After(s.now) {
			s.due[l.Key] = s.now.Add(keep)
			list = append(list, l)
		}
	}
	return list, nil
}

func (s *shelf) Settle(_ context.Context, b Box, list []Outcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range list {
		if s.fates[o.Fate]++; o.Fate == Kept {
			s.due[o.Key] = o.Again
			continue
		}
		s.letters[b.Receiver] = slices.DeleteFunc(s.letters[b.Receiver], func(l Letter) bool { return l.Key == o.Key })
	}
	return nil
}

func (s *shelf) Rest(_ context.Context, b Box, until time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rested[b.Name] = until
	return nil
}

func (s *shelf) State(_ context.Context, receiver string) (State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states[receiver], nil
}

func (s *shelf) Note(_ context.Context, receiver string, st State) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.states[receiver] = st
	return nil
}

func (s *shelf) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logs.Write(b)
}

// wait lets time pass.
func (s *shelf) wait(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *shelf) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// outside is a receiver on a socket of this machine.
type outside struct {
	*httptest.Server
	calls atomic.Int64
}

func serve(t *testing.T, f http.HandlerFunc) *outside {
	t.Helper()
	o := &outside{}
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.calls.Add(1)
		f(w, r)
	}))
	t.Cleanup(o.Close)
	return o
}

func answering(status int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
	}
}

var here = Guard{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func (s *shelf) post(t *testing.T, urls map[string]string, guard Guard) *Post {
	t.Helper()
	receivers := map[string]Receiver{}
	for name, url := range urls {
		receivers[name] = Receiver{URL: url, Secrets: []Secret{secretOf(t, vectorSecret)}, Guard: guard}
	}
	return New(Options{Boxes: s, Receivers: receivers, Now: s.time, Log: slog.New(slog.NewTextHandler(s, nil))})
}

// round looks once and waits for the couriers.
func round(t *testing.T, p *Post) {
	t.Helper()
	if _, err := p.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.out.Wait()
}

func TestLettersAreBroughtSigned(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 250)
	var mu sync.Mutex
	bodies := map[string]string{}
	r := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seconds, _ := strconv.ParseInt(r.Header.Get("webhook-timestamp"), 10, 64)
		id := r.Header.Get("webhook-id")
		if got, want := r.Header.Get("webhook-signature"), Sign(id, time.Unix(seconds, 0), body, secretOf(t, vectorSecret)); got != want || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s is signed %q as %s, want %q", id, got, r.Header.Get("Content-Type"), want)
		}
		mu.Lock()
		defer mu.Unlock()
		bodies[id] = string(body)
		w.WriteHeader(http.StatusNoContent)
	})
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	for range 3 {
		round(t, p)
	}
	if len(bodies) != 250 || s.fates[Delivered] != 250 || len(s.letters["crm"]) != 0 || bodies["closed_crm-7"] != `{"n":7}` {
		t.Errorf("%d came, %v, %d are left", len(bodies), s.fates, len(s.letters["crm"]))
	}
}

func TestOneReceiverKeepsNoOtherWaiting(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("slow", 50)
	s.put("dead", 50)
	s.put("well", 300)
	release, stuck := make(chan struct{}), make(chan struct{}, 50)
	slow := serve(t, func(w http.ResponseWriter, _ *http.Request) { stuck <- struct{}{}; <-release })
	dead := httptest.NewServer(answering(200))
	dead.Close()
	well := serve(t, answering(200))
	p := s.post(t, map[string]string{"slow": slow.URL, "dead": dead.URL, "well": well.URL}, here)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for range defaultConcurrency {
		<-stuck // it holds all that may be on their way to it
	}
	for well.calls.Load() < 300 {
		select {
		case <-time.After(time.Millisecond): // look again
		case <-t.Context().Done():
			t.Fatalf("%d of 300 came to the receiver that is well", well.calls.Load())
		}
	}
	close(release)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if slow.calls.Load() > 50 || s.states["dead"].Failing.IsZero() || !s.states["well"].Failing.IsZero() {
		t.Errorf("slow was called %d times, states %+v", slow.calls.Load(), s.states)
	}
}

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
	if s.fates[Kept] != 2 || s.states["crm"] != (State{}) {
		t.Errorf("%v, and it stands as %+v, want the one tried again by itself", s.fates, s.states["crm"])
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

func TestAnEndDoesNotWaitForASlowReceiver(t *testing.T) {
	t.Parallel()
	s := newShelf()
	s.put("crm", 10)
	asked, release := make(chan struct{}, 10), make(chan struct{})
	r := serve(t, func(http.ResponseWriter, *http.Request) { asked <- struct{}{}; <-release })
	defer close(release)
	p := s.post(t, map[string]string{"crm": r.URL}, here)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	<-asked
	began := time.Now()
	stop()
	<-ended
	if took := time.Since(began); took > answerTime/2 || s.fates[Kept] != 10 || s.states["crm"] != (State{}) {
		t.Errorf("the end took %s, %v, %+v: want a moment, all kept, and nothing said of the receiver", took, s.fates, s.states["crm"])
	}
}
