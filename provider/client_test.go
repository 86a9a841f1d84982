package provider

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func client(t testing.TB, o ClientOptions) *Client {
	c := NewClient(o)
	t.Cleanup(c.CloseIdle)
	return c
}

func open() error { return nil }

// What answers before it was asked has not answered this request, and what hangs up
// meanwhile will not: neither is written to.
func TestAConnectionThatSpeaksFirst(t *testing.T) {
	for name, speak := range map[string]func(net.Conn){
		"answers": func(c net.Conn) { io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") },
		"ends":    func(c net.Conn) { c.Close() },
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		x := client(t, ClientOptions{}).Post(t.Context(), Request{URL: "http://" + l.Addr().String(), Body: []byte("{}")}, func() error {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			t.Cleanup(func() { c.Close() })
			speak(c)
			return nil
		})
		if x.Written || x.Status != 0 || x.Err == nil || !x.Fault {
			t.Errorf("%s: written %t, status %d, error %v, fault %t; want nothing written and a fault", name, x.Written, x.Status, x.Err, x.Fault)
		}
	}
}

// A connection that the provider has closed since is not used again.
func TestAKeptConnectionThatDied(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }))
	defer server.Close()
	c := client(t, ClientOptions{})
	for i := range 20 {
		if x := c.Post(t.Context(), Request{URL: server.URL, Body: []byte("{}")}, func() error { return nil }); x.Status != 200 || x.Err != nil {
			t.Fatalf("request %d: status %d, error %v", i, x.Status, x.Err)
		}
		server.CloseClientConnections()
	}
}

func TestBodyCutInTheMiddleOfItsWriting(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		io.ReadFull(c, make([]byte, 1<<20))
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}()
	x := client(t, ClientOptions{}).Post(t.Context(), Request{URL: "http://" + l.Addr().String(), Body: make([]byte, 64<<20)}, open)
	if !x.Written || x.Status != 0 || x.Err == nil || !x.Fault {
		t.Errorf("written %t, status %d, error %v, fault %t; want written, no status, a fault", x.Written, x.Status, x.Err, x.Fault)
	}
}

func TestConnectionsAreKeptUpToTheConcurrency(t *testing.T) {
	const concurrency = 20
	var conns atomic.Int32
	var together sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		together.Done()
		together.Wait() // all requests of a round are under way at once
		io.WriteString(w, "{}")
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := client(t, ClientOptions{Concurrency: concurrency})
	for range 3 {
		together.Add(concurrency)
		var round sync.WaitGroup
		for range concurrency {
			round.Go(func() {
				if x := c.Post(t.Context(), Request{URL: server.URL, Body: []byte("{}")}, open); x.Status != 200 || x.Err != nil {
					t.Errorf("status %d, error %v", x.Status, x.Err)
				}
			})
		}
		round.Wait()
	}
	if n := conns.Load(); n != concurrency {
		t.Errorf("three rounds of %d requests made %d connections", concurrency, n)
	}
}

func TestSecureServerSpeaksHTTP1(t *testing.T) {
	proto := make(chan string, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { proto <- r.Proto }))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	x := client(t, ClientOptions{RootCAs: pool}).Post(t.Context(), Request{URL: server.URL, Body: []byte("{}")}, open)
	if x.Status != 200 || x.Err != nil {
		t.Fatalf("status %d, error %v", x.Status, x.Err)
	}
	if got := <-proto; got != "HTTP/1.1" {
		t.Errorf("spoke %s, want HTTP/1.1", got)
	}
}

func TestBadRequestIsNotWritten(t *testing.T) {
	for _, r := range []Request{
		{URL: "http://127.0.0.1:1/%zz"},
		{URL: "gopher://127.0.0.1/"},
		{URL: "http://127.0.0.1:1", Header: http.Header{"X-Api-Key": {"a\nb"}}},
	} {
		if x := client(t, ClientOptions{}).Post(t.Context(), r, open); x.Written || x.Err == nil || strings.ContainsAny(x.Err.Error(), "/:") {
			t.Errorf("written %t, error %v; want a short error and nothing written", x.Written, x.Err)
		}
	}
}

func BenchmarkPost(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "{}")
	}))
	defer server.Close()
	c := client(b, ClientOptions{})
	r := Request{URL: server.URL, Body: []byte("{}")}
	b.ReportAllocs()
	for b.Loop() {
		if x := c.Post(b.Context(), r, open); x.Err != nil {
			b.Fatal(x.Err)
		}
	}
}
