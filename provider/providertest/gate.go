package providertest

import (
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

var errShut = errors.New("the claim has ended")

// gates asks whether a gate that refuses keeps everything from the wire, and whether it
// is asked once for each request, at the last moment.
func (k Kit) gates(t *testing.T) {
	k.tally.add(3)
	t.Run("refuses on a new connection", k.gateNew)
	t.Run("refuses over tls", k.gateTLS)
	t.Run("is asked for each request", k.gateReused)
}

func shut(t *testing.T, got provider.Outcome) {
	t.Helper()
	want := provider.Outcome{Kind: provider.Postponed, Reason: errShut.Error()}
	if got != want {
		t.Errorf("a refusing gate gave %+v, want %+v", got, want)
	}
}

// yes counts requests and takes them all.
func (k Kit) yes(t *testing.T, requests *atomic.Int32) http.Handler {
	_, yes := k.first(t)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		readAll(r.Body)
		answer(w, http.StatusOK, nil, yes)
	})
}

func (k Kit) gateNew(t *testing.T) {
	accepted, answered, arrived := make(chan struct{}), make(chan struct{}), make(chan int, 1)
	url := listen(t, func(c net.Conn) {
		close(accepted)
		<-answered
		c.SetReadDeadline(time.Now().Add(10 * time.Millisecond)) // the connection may be kept: what was written has arrived
		arrived <- len(readAll(c))
	})
	shut(t, k.adapter(t, url).Send(t.Context(), k.Sends[0].attempt(t), func() error {
		<-accepted // asked earlier than the connection stands, this would never end
		return errShut
	}))
	close(answered)
	if n := <-arrived; n != 0 {
		t.Errorf("%d bytes arrived through a shut gate", n)
	}
}

func (k Kit) gateTLS(t *testing.T) {
	var requests, asked atomic.Int32
	server := httptest.NewUnstartedServer(k.yes(t, &requests))
	server.Config.ErrorLog = quiet()
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	a := opened(t, k.New, server.URL, provider.ClientOptions{RootCAs: pool})
	shut(t, a.Send(t.Context(), k.Sends[0].attempt(t), func() error { asked.Add(1); return errShut }))
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests arrived through a shut gate", n)
	}
	if got := a.Send(t.Context(), k.Sends[0].attempt(t), func() error { asked.Add(1); return nil }); got != k.Sends[0].Want {
		t.Errorf("an open gate gave %+v, want %+v", got, k.Sends[0].Want)
	}
	if r, n := requests.Load(), asked.Load(); r != 1 || n != 2 {
		t.Errorf("%d requests and %d questions, want 1 and 2", r, n)
	}
}

func (k Kit) gateReused(t *testing.T) {
	var requests, conns atomic.Int32
	server := httptest.NewUnstartedServer(k.yes(t, &requests))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	a := k.adapter(t, server.URL)
	const sends = 10
	var asked atomic.Int32
	for range sends {
		if got := a.Send(t.Context(), k.Sends[0].attempt(t), func() error { asked.Add(1); return nil }); got != k.Sends[0].Want {
			t.Fatalf("outcome %+v, want %+v", got, k.Sends[0].Want)
		}
	}
	shut(t, a.Send(t.Context(), k.Sends[0].attempt(t), func() error { return errShut }))
	if r, n := requests.Load(), asked.Load(); r != sends || n != sends {
		t.Errorf("%d requests and %d questions, want %d of each", r, n, sends)
	}
	if n := conns.Load(); n != 1 {
		t.Errorf("%d connections for requests one after the other, want 1", n)
	}
}
