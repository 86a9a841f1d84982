package provider

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptrace"
	"time"
)

// maxAnswer bounds what is read of an answer's body; a longer one is unreadable.
const maxAnswer = 64 << 10

// ClientOptions tell how a Client connects. The zero value works.
type ClientOptions struct {
	Concurrency int              // requests at a time, whose connections are kept for the next; default 64
	RootCAs     *x509.CertPool   // who may vouch for the provider; default: the system's
	Now         func() time.Time // read a Retry-After date against it when the answer bears no Date; default time.Now
}

// Client is the HTTP wire of an adapter. It makes each request once: it follows no
// redirect and replays nothing, and it knows for each whether a byte of it may have
// left the machine. It is safe for concurrent use; an account wants one.
type Client struct {
	transport *http.Transport
	now       func() time.Time
}

// NewClient makes a client of its own connections.
func NewClient(o ClientOptions) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	d := dialer{tls: &tls.Config{RootCAs: o.RootCAs, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}}
	return &Client{now: o.Now, transport: &http.Transport{
		DialContext:    d.plain,
		DialTLSContext: d.secure,
		// HTTP/2 would carry many requests on one connection, and no write could be
		// told to be the first of one of them.
		Protocols:              onlyHTTP1(),
		MaxIdleConnsPerHost:    cmp.Or(o.Concurrency, 64),
		IdleConnTimeout:        30 * time.Second, // shorter than servers usually keep theirs: fewer die under a request
		MaxResponseHeaderBytes: 64 << 10,
	}}
}

func onlyHTTP1() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	return p
}

// CloseIdle closes the connections that carry no request.
func (c *Client) CloseIdle() { c.transport.CloseIdleConnections() }

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
	return c.exchange(ctx, http.MethodPost, r, gate)
}

// Get asks for something, once like Post, and with the same gate; a body is not sent.
func (c *Client) Get(ctx context.Context, r Request, gate Gate) Exchange {
	r.Body = nil
	return c.exchange(ctx, http.MethodGet, r, gate)
}

func (c *Client) exchange(ctx context.Context, method string, r Request, gate Gate) Exchange {
	t := &turn{gate: gate}
	req, err := newRequest(httptrace.WithClientTrace(ctx, t.trace()), method, r)
	if err != nil {
		return Exchange{Err: &wireError{word: "bad request", cause: err}}
	}
	// The transport, and not an http.Client, which would follow redirects.
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return t.failed(ctx, err)
	}
	defer resp.Body.Close()
	body, err := readAnswer(resp.Body)
	x := Exchange{Status: resp.StatusCode, Header: resp.Header, Body: body, RetryAfter: RetryAfter(resp.Header, c.now())}
	if err != nil {
		x.Err, x.Fault = fault(ctx, err)
	}
	if x.Written, _ = t.end(); !x.Written {
		return t.failed(ctx, errUnasked)
	}
	return x
}

func newRequest(ctx context.Context, method string, r Request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	req.GetBody = nil // without it the transport has nothing to replay, but a request without a body: see turn.chosen
	for name, values := range r.Header {
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
