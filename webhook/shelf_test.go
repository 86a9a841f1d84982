package webhook

import (
	"context"
	"fmt"
	"log/slog"
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
