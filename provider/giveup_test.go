package provider

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// tap is a server that answers every request and keeps all bytes that ever reached it.
type tap struct {
	listener net.Listener
	serving  sync.WaitGroup
	mu       sync.Mutex
	received bytes.Buffer
}

func newTap(t *testing.T) *tap {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &tap{listener: l}
	s.serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.serving.Go(func() { s.serve(c) })
		}
	})
	return s
}

func (s *tap) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.received.Write(p)
}

func (s *tap) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(io.TeeReader(c, s))
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		io.Copy(io.Discard, r.Body)
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	}
}

// all closes the server and gives what reached it.
func (s *tap) all() string {
	s.listener.Close()
	s.serving.Wait()
	return s.received.String()
}

// A caller who gives up at any moment, before the dial or in the middle of a write,
// is told "not written" only if nothing was, and nothing is written afterwards.
func TestNotWrittenIsTrueWheneverTheCallerGivesUp(t *testing.T) {
	s := newTap(t)
	c := client(t, ClientOptions{})
	const sends = 2000
	var notWritten, written [sends]bool
	var senders sync.WaitGroup
	var next atomic.Int32
	for range 8 {
		senders.Go(func() {
			for i := int(next.Add(1)) - 1; i < sends; i = int(next.Add(1)) - 1 {
				ctx, cancel := context.WithCancel(t.Context())
				stop := time.AfterFunc(rand.N(400*time.Microsecond), cancel)
				x := c.Post(ctx, Request{URL: "http://" + s.listener.Addr().String(), Body: fmt.Appendf(nil, "<send %d>", i)}, open)
				notWritten[i], written[i] = !x.Written, x.Written
				stop.Stop()
				cancel()
			}
		})
	}
	senders.Wait()
	c.CloseIdle()
	received := s.all()
	none, some := 0, 0
	for i := range sends {
		arrived := strings.Contains(received, fmt.Sprintf("<send %d>", i))
		if notWritten[i] && arrived {
			t.Errorf("send %d was told not written, and arrived", i)
		}
		if notWritten[i] {
			none++
		} else {
			some++
		}
	}
	if none == 0 || some == 0 {
		t.Errorf("%d not written, %d written: the test met one case only", none, some)
	}
}

// The gate may take its time; a caller who gives up meanwhile hears what it said.
func TestGivingUpWhileTheGateThinks(t *testing.T) {
	for _, refuses := range []bool{true, false} {
		s := newTap(t)
		c := client(t, ClientOptions{})
		ctx, cancel := context.WithCancel(t.Context())
		x := c.Post(ctx, Request{URL: "http://" + s.listener.Addr().String(), Body: []byte("<send>")}, func() error {
			cancel()
			if refuses {
				return errors.New("too late")
			}
			return nil
		})
		c.CloseIdle()
		arrived := strings.Contains(s.all(), "<send>")
		if refuses && (x.Written || arrived || x.Err == nil || x.Err.Error() != "too late") {
			t.Errorf("refused: written %t, arrived %t, error %v", x.Written, arrived, x.Err)
		}
		if !refuses && x.Written != arrived {
			t.Errorf("allowed: told written %t, arrived %t", x.Written, arrived)
		}
	}
}

// Whatever cause a caller gives, a cancel is no fault of the provider's, and a deadline is.
func TestWhoIsToBlame(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, never answers
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cause := errors.New("drain")
	cancelled, cancel := context.WithCancelCause(t.Context())
	late, stop := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, cause)
	defer stop()
	for _, c := range []struct {
		ctx     context.Context
		gate    Gate
		word    string
		fault   bool
		written bool
	}{
		{cancelled, func() error { cancel(cause); return nil }, "cancelled", false, false},
		{late, open, "timeout", true, true},
	} {
		x := client(t, ClientOptions{}).Post(c.ctx, Request{URL: "http://" + l.Addr().String(), Body: []byte("{}")}, c.gate)
		if x.Written != c.written || x.Fault != c.fault || x.Err == nil || x.Err.Error() != c.word {
			t.Errorf("written %t, fault %t, error %v; want %t, %t, %s", x.Written, x.Fault, x.Err, c.written, c.fault, c.word)
		}
	}
}
