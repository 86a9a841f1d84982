package webhook

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

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
