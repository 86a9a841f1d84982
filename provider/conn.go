package provider

import (
	"context"
	"crypto/tls"
	"net"
	"sync/atomic"
	"time"
)

// connectTimeout bounds a connection's making; the request's own deadline may be nearer.
const connectTimeout = 10 * time.Second

// dialer makes connections whose writes are watched.
type dialer struct{ tls *tls.Config }

func (d dialer) plain(ctx context.Context, network, addr string) (net.Conn, error) {
	m, err := d.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &conn{Conn: m, wire: m}, nil
}

// secure completes the handshake before it returns, so that the first write on the
// connection is the first of a request.
func (d dialer) secure(ctx context.Context, network, addr string) (net.Conn, error) {
	m, err := d.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	config := d.tls.Clone()
	if config.ServerName, _, err = net.SplitHostPort(addr); err != nil {
		config.ServerName = addr
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	secure := tls.Client(m, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		m.Close()
		return nil, &wireError{word: "tls handshake failed", cause: err}
	}
	return &conn{Conn: secure, wire: m}, nil
}

func (dialer) dial(ctx context.Context, network, addr string) (*meter, error) {
	c, err := (&net.Dialer{Timeout: connectTimeout}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &meter{Conn: c}, nil
}

// meter counts the bytes that the operating system has taken.
type meter struct {
	net.Conn
	sent atomic.Int64
}

func (m *meter) Write(p []byte) (int, error) {
	n, err := m.Conn.Write(p)
	m.sent.Add(int64(n))
	return n, err
}

// conn carries the HTTP of one request after the other, each in its turn. It stands
// above TLS, so that what is written here is always part of a request.
type conn struct {
	net.Conn
	wire *meter
	turn atomic.Pointer[turn]
}

func (c *conn) Write(p []byte) (int, error) {
	t := c.turn.Load()
	if t == nil {
		return 0, errUnasked
	}
	if err := t.begin(c.wire.sent.Load()); err != nil {
		return 0, err
	}
	n, err := c.Conn.Write(p)
	if err != nil {
		t.broke(c.wire.sent.Load())
	}
	return n, err
}
