package provider

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer's body; a longer one is unreadable.
const maxAnswer = 64 << 10

// ClientOptions tell how a Client connects. The zero value works.
type ClientOptions struct {
	Concurrency int              // connections that are kept for the next request; default 64
	RootCAs     *x509.CertPool   // who may vouch for the provider; default: the system's
	Now         func() time.Time // read a Retry-After date against it when the answer bears no Date; default time.Now
}

// Client is the HTTP wire of an adapter. It makes each request once: it follows no
// redirect and replays nothing, and it knows for each whether a byte of it may have
// left the machine. It is safe for concurrent use; an account wants one.
//
// It writes and reads with net/http's own code, but in the caller's goroutine and on
// connections of its own: http.Transport hands every request to two other goroutines,
// which took a fifth of a worker's time, and its write may begin when nobody waits
// for the answer any more. HTTP/2 would carry many requests on one connection, and no
// write could be told to be the first of one of them.
type Client struct {
	dialer dialer
	pool   pool
	now    func() time.Time
}

// NewClient makes a client of its own connections.
func NewClient(o ClientOptions) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Client{
		now:    o.Now,
		dialer: dialer{tls: &tls.Config{RootCAs: o.RootCAs, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}},
		pool:   pool{most: cmp.Or(o.Concurrency, 64)},
	}
}

// CloseIdle closes the connections that carry no request.
func (c *Client) CloseIdle() { c.pool.empty(time.Time{}) }

// Request is what an adapter posts, or asks for.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte
}

// Exchange is what became of one Request.
type Exchange struct {
	Written    bool          // at least one byte of the request may have left
	Status     int           // 0: no answer, or none that could be read
	Header     http.Header   // of the answer
	Body       []byte        // of the answer, as far as it came
	RetryAfter time.Duration // what the header of that name says; 0: nothing
	Err        error         // no answer, or its body is not whole; its text quotes nothing that came or went
	Fault      bool          // with Err: the provider or the way to it failed, not the caller
}

// Post makes one request. The gate is asked once, when the connection stands and the
// first byte is about to be written; if it refuses, nothing is written.
func (c *Client) Post(ctx context.Context, r Request, gate Gate) Exchange {
	return c.once(ctx, http.MethodPost, r, gate)
}

// Get asks for something, once like Post, and with the same gate; a body is not sent.
func (c *Client) Get(ctx context.Context, r Request, gate Gate) Exchange {
	r.Body = nil
	return c.once(ctx, http.MethodGet, r, gate)
}

func (c *Client) once(ctx context.Context, method string, r Request, gate Gate) Exchange {
	req, err := newRequest(method, r)
	if err != nil {
		return Exchange{Err: &wireError{word: "bad request", cause: err}}
	}
	conn, err := c.connect(ctx, req.URL)
	if err != nil {
		return failed(ctx, false, err)
	}
	x, reusable := c.exchange(ctx, conn, req, gate)
	if reusable {
		c.pool.put(conn)
	} else {
		_ = conn.Close()
	}
	return x
}

// connect gives a connection that was kept, or makes one.
func (c *Client) connect(ctx context.Context, u *url.URL) (*conn, error) {
	secure := u.Scheme == "https"
	addr := u.Host
	if u.Port() == "" {
		addr += map[bool]string{false: ":80", true: ":443"}[secure]
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if kept := c.pool.take(place{secure, addr}); kept != nil {
		return kept, nil
	}
	return c.dialer.dial(ctx, place{secure, addr})
}

// exchange writes the request and reads its answer. The connection can carry another
// one only after an answer that was read to its end.
func (c *Client) exchange(ctx context.Context, conn *conn, req *http.Request, gate Gate) (x Exchange, reusable bool) {
	stop := context.AfterFunc(ctx, conn.abort)
	defer func() { reusable = stop() && reusable }()
	if refusal, err := conn.write(ctx, req, gate); refusal != nil {
		return Exchange{Err: &wireError{word: Reason(refusal.Error()), cause: refusal}}, true
	} else if err != nil {
		return failed(ctx, conn.sent > 0, err), false
	}
	resp, err := conn.read(req)
	if err != nil {
		return failed(ctx, true, err), false
	}
	body, err := readAnswer(resp.Body)
	x = Exchange{Written: true, Status: resp.StatusCode, Header: resp.Header, Body: body, RetryAfter: RetryAfter(resp.Header, c.now())}
	if err != nil {
		x.Err, x.Fault = fault(ctx, err)
	}
	return x, err == nil && !resp.Close && conn.quiet()
}

func failed(ctx context.Context, written bool, err error) Exchange {
	x := Exchange{Written: written}
	x.Err, x.Fault = fault(ctx, err)
	return x
}

func newRequest(method string, r Request) (*http.Request, error) {
	req, err := http.NewRequest(method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	if req.URL.Scheme != "http" && req.URL.Scheme != "https" || req.URL.Host == "" {
		return nil, errBadRequest
	}
	for name, values := range r.Header {
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				return nil, errBadRequest // it would be another header, or none
			}
		}
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", "cascade")
	return req, nil
}

// readAnswer reads to the end, so that the connection can be used again, or to the
// bound, and then the connection is given up.
func readAnswer(body io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(body, maxAnswer+1))
	if err == nil && len(b) > maxAnswer {
		return b[:maxAnswer], errTooLong
	}
	return b, err
}
