package web

import (
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// newClient makes the client that the pages speak through. It is the one that other
// programs use; only its requests leave for the handler in this process, and bear who
// makes them in their context. It repeats nothing: somebody looks at the page.
func newClient(server *api.Server) (*client.Client, error) {
	return client.New(client.Options{Server: "http://cascade.invalid", Patience: -1, Transport: inside{server}})
}

// inside carries requests to the API in this process, streaming both ways.
type inside struct{ api *api.Server }

func (t inside) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	from, to := io.Pipe()
	a := &answer{header: http.Header{}, begun: make(chan struct{}), body: to}
	go func() {
		defer func() {
			var err error
			if recover() != nil { // as a connection that breaks
				err = io.ErrUnexpectedEOF
			}
			a.WriteHeader(http.StatusOK)
			_ = to.CloseWithError(err) // is never an error
		}()
		t.api.Handler().ServeHTTP(a, r)
	}()
	select {
	case <-a.begun:
	case <-r.Context().Done():
		_ = from.CloseWithError(r.Context().Err()) // the handler sees its context end
		return nil, r.Context().Err()
	}
	return &http.Response{
		Status: http.StatusText(a.status), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: from, ContentLength: -1, Request: r,
	}, nil
}

// answer is what the handler writes to.
type answer struct {
	header http.Header
	once   sync.Once
	begun  chan struct{} // closed when status and header are known
	status int
	sent   http.Header
	body   *io.PipeWriter
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	a.once.Do(func() {
		a.status, a.sent = status, a.header.Clone()
		close(a.begun)
	})
}

func (a *answer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

// refusal is the API's problem behind an error, and its status; a ledger that cannot be
// reached where there is none.
func refusal(err error) (status int, p *client.Problem) {
	if errors.As(err, &p) {
		return p.Status, p
	}
	return http.StatusServiceUnavailable, nil
}
