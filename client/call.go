package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// call is one request, in a form in which it can be made more than once.
type call struct {
	method string
	path   []string // its parts, not escaped
	query  url.Values
	form   string // the content type of the body
	body   []byte
	stream io.Reader // in place of the body; such a call is made once
	key    string    // the Idempotency-Key
}

// mostKeyed is how large a body may be that comes with an Idempotency-Key, in bytes: the
// server refuses larger ones, for it reads them whole.
const mostKeyed = 1 << 20

func get(path ...string) call { return call{method: http.MethodGet, path: path} }

// post is a call that changes something. It bears a key, so that it can be repeated.
func post(form string, body []byte, path ...string) call {
	c := call{method: http.MethodPost, path: path, form: form, body: body}
	if len(body) <= mostKeyed {
		c.key = rand.Text()
	}
	return c
}

func postJSON(v any, path ...string) (call, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return call{}, fmt.Errorf("write the request: %w", err)
	}
	return post("application/json", body, path...), nil
}

// repeatable says whether making the call twice does no more than making it once.
func (c call) repeatable() bool {
	return c.stream == nil && (c.method == http.MethodGet || c.key != "")
}

func (c *Client) request(ctx context.Context, what call) (*http.Request, error) {
	escaped := make([]string, len(what.path))
	for i, part := range what.path {
		escaped[i] = url.PathEscape(part)
	}
	address := *c.base
	address.Path = c.base.Path + "/" + strings.Join(what.path, "/")
	address.RawPath = c.base.EscapedPath() + "/" + strings.Join(escaped, "/")
	address.RawQuery = what.query.Encode()
	var body io.Reader = http.NoBody
	switch {
	case what.stream != nil:
		body = io.NopCloser(what.stream) // it is the caller's to close
	case len(what.body) > 0:
		body = bytes.NewReader(what.body)
	}
	r, err := http.NewRequestWithContext(ctx, what.method, address.String(), body)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"Content-Type": what.form, "Idempotency-Key": what.key} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	return r, nil
}

// once makes a call a single time. The answer's body is the caller's to close.
func (c *Client) once(ctx context.Context, what call) (*http.Response, error) {
	r, err := c.request(ctx, what)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode >= http.StatusOK && answer.StatusCode < http.StatusMultipleChoices {
		return answer, nil
	}
	defer answer.Body.Close()
	return nil, readProblem(answer)
}

// ask makes a call and reads its answer as JSON. A call that can be repeated is, also
// when its answer breaks off.
func ask[T any](ctx context.Context, c *Client, what call) (into T, err error) {
	err = c.patiently(ctx, what.repeatable(), func() error {
		answer, err := c.once(ctx, what)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			return fmt.Errorf("read the answer: %w", err)
		}
		if err := json.Unmarshal(text, &into); err != nil {
			return &unreadable{err}
		}
		return nil
	})
	return into, err
}

// unreadable is an answer that would be no better the next time.
type unreadable struct{ err error }

func (u *unreadable) Error() string {
	return "the answer cannot be read: is this the address of a Cascade server? " + u.err.Error()
}

func (u *unreadable) Unwrap() error { return u.err }

// copyTo copies the body of a GET to w. It is repeated until the body begins.
func (c *Client) copyTo(ctx context.Context, w io.Writer, what call) error {
	body, err := c.open(ctx, what)
	if err != nil {
		return err
	}
	defer body.Close()
	if _, err := io.Copy(w, body); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	return nil
}

// open makes a GET, repeated until its body begins, and gives that body.
func (c *Client) open(ctx context.Context, what call) (body io.ReadCloser, err error) {
	err = c.patiently(ctx, what.repeatable(), func() error {
		answer, err := c.once(ctx, what)
		if err == nil {
			body = answer.Body
		}
		return err
	})
	return body, err
}
