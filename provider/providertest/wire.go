package providertest

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// listen serves each connection with a script, in a goroutine of its own, and waits for
// all of them at the test's end.
func listen(t testing.TB, script func(net.Conn)) (baseURL string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var scripts sync.WaitGroup
	scripts.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			scripts.Go(func() {
				defer c.Close()
				script(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		scripts.Wait()
	})
	return "http://" + l.Addr().String()
}

// readRequest takes one whole request from the connection.
func readRequest(c net.Conn) error {
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return err
	}
	readAll(r.Body)
	return nil
}

// reset closes the connection so that the other side sees it broken.
func reset(c net.Conn) {
	c.(*net.TCPConn).SetLinger(0)
	c.Close()
}

// notWritten asks for what fails before the first byte: it may be sent again freely.
func (k Kit) notWritten(t *testing.T) {
	want := provider.Outcome{Kind: provider.Postponed, Fault: true}
	k.tally.add(4)
	t.Run("dial refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		k.expect(t, t.Context(), k.adapter(t, "http://"+l.Addr().String()), want)
	})
	t.Run("unknown authority", func(t *testing.T) {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			t.Error("a request came over a connection that nobody vouches for")
		}))
		server.Config.ErrorLog = quiet()
		server.StartTLS()
		defer server.Close()
		k.expect(t, t.Context(), k.adapter(t, server.URL), want)
	})
	t.Run("no tls at the other side", func(t *testing.T) {
		url := listen(t, func(c net.Conn) { c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) })
		k.expect(t, t.Context(), k.adapter(t, strings.Replace(url, "http:", "https:", 1)), want)
	})
	t.Run("tls handshake cut", k.cutHandshake)
	t.Run("caller gone", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		url := listen(t, func(c net.Conn) { readRequest(c) })
		k.expect(t, ctx, k.adapter(t, url), provider.Outcome{Kind: provider.Postponed})
	})
}

// cut asks for what breaks after the first byte in other ways than by a missing byte: it
// may have been taken.
func (k Kit) cut(t *testing.T) {
	_, yes := k.first(t)
	after := func(answer string) func(net.Conn) {
		return func(c net.Conn) {
			if readRequest(c) == nil {
				c.Write([]byte(answer))
			}
		}
	}
	scripts := map[string]func(c net.Conn){
		"a body longer than it says":   after("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + string(yes)),
		"not HTTP":                     after("220 mail.example.com ESMTP\r\n"),
		"headers without end":          after("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Filler: "+strings.Repeat("x", 1000)+"\r\n", 200)),
		"after it switched protocols ": after("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"),
	}
	k.tally.add(len(scripts) + 1)
	for name, script := range scripts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k.expect(t, t.Context(), k.adapter(t, listen(t, script)), provider.Outcome{Kind: provider.Unknown, Fault: true})
		})
	}
	t.Run("no answer in time", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		k.expect(t, ctx, k.adapter(t, listen(t, neverAnswer)), provider.Outcome{Kind: provider.Unknown, Fault: true})
	})
}

// neverAnswer takes the request and waits until the other side has had enough.
func neverAnswer(c net.Conn) {
	if readRequest(c) == nil {
		c.Read(make([]byte, 1))
	}
}

// expect sends the first attempt and compares all of the outcome but its words.
func (k Kit) expect(t *testing.T, ctx context.Context, a Adapter, want provider.Outcome) {
	t.Helper()
	got := a.Send(ctx, k.Sends[0].attempt(t), open)
	if got.Reason == "" {
		t.Error("no reason is given")
	}
	got.Reason = ""
	if got != want {
		t.Errorf("outcome %+v, want %+v", got, want)
	}
}
