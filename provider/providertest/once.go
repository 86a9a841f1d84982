package providertest

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/seed-438792ba/cascade/provider"
)

// once asks whether a request is made once, whatever the answer invites to.
func (k Kit) once(t *testing.T) {
	k.tally.add(7)
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(fmt.Sprintf("no redirect %d followed", status), func(t *testing.T) { k.redirect(t, status) })
	}
	t.Run("no replay on a reused connection", k.replay)
	t.Run("no replay when idle connections close", k.closing)
}

func (k Kit) redirect(t *testing.T, status int) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := httptest.NewServer(k.yes(t, &followed))
	defer elsewhere.Close()
	server := httptest.NewServer(http.RedirectHandler(elsewhere.URL, status))
	defer server.Close()
	got := k.adapter(t, server.URL).Send(t.Context(), k.Sends[0].attempt(t), open)
	if got.Kind != provider.Misconfigured && got.Kind != provider.Unknown {
		t.Errorf("a redirect became %+v, want misconfigured or unknown", got)
	}
	if followed.Load() != 0 {
		t.Error("the redirect was followed")
	}
}

// keepAlive answers the first n requests of a connection and cuts it in the next one.
func keepAlive(c net.Conn, yes []byte, n int, requests *atomic.Int32) {
	in := bufio.NewReader(c)
	for i := 0; ; i++ {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		readAll(r.Body)
		requests.Add(1)
		if i == n {
			return
		}
		fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(yes), yes)
	}
}

func (k Kit) replay(t *testing.T) {
	var requests atomic.Int32
	_, yes := k.first(t)
	a := k.adapter(t, listen(t, func(c net.Conn) { keepAlive(c, yes, 1, &requests) }))
	if got := a.Send(t.Context(), k.Sends[0].attempt(t), open); got != k.Sends[0].Want {
		t.Fatalf("outcome %+v, want %+v", got, k.Sends[0].Want)
	}
	k.expect(t, t.Context(), a, provider.Outcome{Kind: provider.Unknown, Fault: true})
	if n := requests.Load(); n != 2 {
		t.Errorf("two sends made %d requests", n)
	}
}

// closing meets the moment at which a server gives up an idle connection: whatever
// becomes of each send, it made one request at most, and none if it says so.
func (k Kit) closing(t *testing.T) {
	var requests atomic.Int32
	attempt, yes := k.first(t)
	a := k.adapter(t, listen(t, func(c net.Conn) {
		if readRequest(c) == nil {
			requests.Add(1)
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(yes), yes)
		}
	}))
	for i := range 50 {
		before := requests.Load()
		got := a.Send(t.Context(), attempt, open)
		made := requests.Load() - before
		switch {
		case got.Kind == provider.Accepted && made == 1, got.Kind == provider.Postponed && made == 0, got.Kind == provider.Unknown && made <= 1:
		default:
			t.Fatalf("send %d became %+v and made %d requests", i, got, made)
		}
	}
}
