package provider

import (
	"bufio"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// connectTimeout bounds a connection's making; the request's own deadline may be nearer.
const connectTimeout = 10 * time.Second

// place is where a connection leads.
type place struct {
	secure bool
	addr   string // host:port
}

// dialer makes connections whose bytes are counted.
type dialer struct{ tls *tls.Config }

// dial makes a connection, with its handshake: the first write on it is the first of a
// request.
func (d dialer) dial(ctx context.Context, p place) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	raw, err := new(net.Dialer).DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	c := &conn{place: p, raw: raw}
	c.Conn = (*meter)(c)
	if p.secure {
		if err := c.handshake(ctx, d.tls); err != nil {
			_ = raw.Close()
			return nil, &wireError{word: "tls handshake failed", cause: err}
		}
	}
	c.w, c.r = bufio.NewWriter(c), bufio.NewReader(c.Conn)
	return c, nil
}

// conn carries one request after the other.
type conn struct {
	net.Conn // what HTTP is written to: above TLS, if there is any
	place    place
	raw      net.Conn
	w        *bufio.Writer
	r        *bufio.Reader
	gate     func() error // of the present request, until its first byte
	used     bool
	sent     int // bytes of the present request that the operating system has taken
	left     int // bytes that may still be read of its answer
	idle     time.Time
}

func (c *conn) handshake(ctx context.Context, config *tls.Config) error {
	config = config.Clone()
	host, _, err := net.SplitHostPort(c.place.addr)
	if err != nil {
		return err
	}
	config.ServerName = host
	c.left = maxWire
	secure := tls.Client(c.Conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return err
	}
	c.Conn = secure
	return nil
}

// maxWire bounds what is read of an answer altogether: its head, and its body with what
// a transfer encoding adds.
const maxWire = 256 << 10

// write writes a request. The gate's refusal comes beside other errors: nothing was
// written then, and the connection is as good as before.
func (c *conn) write(ctx context.Context, req *http.Request, gate Gate) (refusal, err error) {
	c.sent, c.left = 0, maxWire
	c.gate = func() error {
		if refusal = gate(); refusal != nil {
			return refusal
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !c.silent() {
			return errUnasked
		}
		c.used = true
		return nil
	}
	if err = req.Write(c.w); err == nil {
		err = c.w.Flush()
	}
	if err != nil {
		c.w.Reset(c)
	}
	return refusal, err
}

// Write is where the request begins: its gate is asked at the first byte, so that
// nothing comes between the two. A connection that has said anything by then, if only
// that it is closed, is not written to.
func (c *conn) Write(p []byte) (int, error) {
	if gate := c.gate; gate != nil {
		c.gate = nil
		if err := gate(); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(p)
}

// read reads the head of the answer, past those that only announce it.
func (c *conn) read(req *http.Request) (*http.Response, error) {
	for {
		resp, err := http.ReadResponse(c.r, req)
		if err != nil || resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, err
		}
	}
}

// abort ends what is being written or read.
func (c *conn) abort() { _ = c.raw.SetDeadline(time.Unix(1, 0)) }

// quiet says whether nothing is left of the answer.
func (c *conn) quiet() bool { return c.r.Buffered() == 0 }

// silent says whether nothing has come that nobody asked for, the connection's end
// included. After a handshake the server may still have something to say about that.
func (c *conn) silent() bool { return c.place.secure && !c.used || quietWire(c.raw) }

// meter is the wire itself, with its counts.
type meter conn

func (m *meter) Write(p []byte) (int, error) {
	n, err := m.raw.Write(p)
	m.sent += n
	return n, err
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, errTooLong
	}
	n, err := m.raw.Read(p)
	m.left -= n
	return n, err
}

func (m *meter) Close() error                       { return m.raw.Close() }
func (m *meter) LocalAddr() net.Addr                { return m.raw.LocalAddr() }
func (m *meter) RemoteAddr() net.Addr               { return m.raw.RemoteAddr() }
func (m *meter) SetDeadline(t time.Time) error      { return m.raw.SetDeadline(t) }
func (m *meter) SetReadDeadline(t time.Time) error  { return m.raw.SetReadDeadline(t) }
func (m *meter) SetWriteDeadline(t time.Time) error { return m.raw.SetWriteDeadline(t) }
