package providertest

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// whole is a request as it is on the wire.
func (k Kit) whole(t *testing.T, a campaign.Attempt) []byte {
	arrived := make(chan []byte, 1)
	url := listen(t, func(c net.Conn) {
		in := &recorder{Conn: c}
		readRequest(in)
		arrived <- in.all
	})
	k.adapter(t, url).Send(t.Context(), a, open)
	return <-arrived
}

// recorder keeps what was read.
type recorder struct {
	net.Conn
	all []byte
}

func (r *recorder) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.all = append(r.all, p[:n]...)
	return n, err
}

// cutRequest cuts each channel's request after each of its bytes but the last: somebody
// had a part of it, so that nothing but Unknown is true.
func (k Kit) cutRequest(t *testing.T) {
	for _, channel := range k.channels() {
		t.Run(channel.String(), func(t *testing.T) {
			t.Parallel()
			attempt := k.send(channel).attempt(t)
			request := k.whole(t, attempt)
			var after atomic.Int64
			url := listen(t, func(c net.Conn) {
				io.ReadFull(c, make([]byte, after.Load()))
				reset(c)
			})
			a := k.adapter(t, url)
			for n := 1; n < len(request); n += stride() {
				after.Store(int64(n))
				k.unknown(t, a, attempt, fmt.Sprintf("cut after byte %d of %d", n, len(request)))
			}
		})
	}
}

// cutAnswer takes the whole request and cuts the documented yes after each byte but the
// last: it was taken, but nobody was told.
func (k Kit) cutAnswer(t *testing.T) {
	for _, channel := range k.channels() {
		t.Run(channel.String(), func(t *testing.T) {
			t.Parallel()
			send := k.send(channel)
			attempt, body := send.attempt(t), Example(t, send.Yes)
			yes := fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			var after atomic.Int64
			url := listen(t, func(c net.Conn) {
				if readRequest(c) == nil {
					c.Write(yes[:after.Load()])
				}
			})
			a := k.adapter(t, url)
			for n := 0; n < len(yes); n += stride() {
				after.Store(int64(n))
				k.unknown(t, a, attempt, fmt.Sprintf("answer cut after byte %d of %d", n, len(yes)))
			}
		})
	}
}

// stride skips most cuts where tests are to be short.
func stride() int {
	if testing.Short() {
		return 17
	}
	return 1
}

func (k Kit) unknown(t *testing.T, a Adapter, attempt campaign.Attempt, what string) {
	k.tally.add(1)
	got := a.Send(t.Context(), attempt, open)
	if got.Kind != provider.Unknown || !got.Fault || got.Reason == "" {
		t.Errorf("%s: %+v, want unknown, a fault, and why", what, got)
	}
}

// channels are those that the provider has.
func (k Kit) channels() []campaign.Channel {
	var channels []campaign.Channel
	for _, channel := range campaign.Channels() {
		if k.send(channel).channel() == channel {
			channels = append(channels, channel)
		}
	}
	return channels
}

// cutHandshake lets so many bytes of the provider's side of a handshake through, and no
// more: until the last of them no request can begin.
func (k Kit) cutHandshake(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewUnstartedServer(k.yes(t, &requests))
	server.Config.ErrorLog = quiet()
	server.TLS = &tls.Config{MaxVersion: tls.VersionTLS12} // its side of the handshake has the last word
	server.StartTLS()
	defer server.Close()
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	var through atomic.Int64
	url := "https" + listen(t, func(c net.Conn) { relay(c, server.Listener.Addr(), through.Load()) })[len("http"):]
	const most = 100_000 // bytes, more than any handshake
	attempt := k.Sends[0].attempt(t)
	for n := int64(0); n < most; n += 64 {
		through.Store(n)
		got := opened(t, k.New, url, provider.ClientOptions{RootCAs: pool}).Send(t.Context(), attempt, open)
		k.tally.add(1)
		switch {
		case got.Kind == provider.Unknown:
			return // the handshake was whole, and the request on its way
		case got.Kind != provider.Postponed || requests.Load() > 0:
			t.Fatalf("handshake cut after %d bytes: %+v, and %d requests came; want postponed and none", n, got, requests.Load())
		}
	}
	t.Error("the handshake never ended")
}

// relay joins the connection with the server, and cuts it after so many bytes of the
// server's.
func relay(c net.Conn, server net.Addr, through int64) {
	s, err := net.Dial(server.Network(), server.String())
	if err != nil {
		return
	}
	defer s.Close()
	go io.Copy(s, c) // ends with either connection
	io.CopyN(c, s, through)
	reset(c)
}
