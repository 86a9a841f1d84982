package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// wire is a server without a socket, so that its time can be told: it answers one after
// the other, and keeps what it was asked.
type wire struct {
	answers []reply
	asked   []time.Duration // since it was made
	keys    []string
	began   time.Time
}

type reply struct {
	status int // 0: the connection breaks
	after  string
	body   string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	next := w.answers[min(len(w.asked), len(w.answers)-1)]
	w.asked = append(w.asked, time.Since(w.began))
	w.keys = append(w.keys, r.Header.Get("Idempotency-Key"))
	if next.status == 0 {
		return nil, errors.New("the connection broke")
	}
	form := "application/json"
	if next.status >= 300 {
		form = "application/problem+json"
	}
	h := http.Header{"Content-Type": {form}}
	if next.after != "" {
		h.Set("Retry-After", next.after)
	}
	return &http.Response{StatusCode: next.status, Status: http.StatusText(next.status), Header: h, Body: io.NopCloser(strings.NewReader(next.body)), Request: r}, nil
}

func over(t *testing.T, answers ...reply) (*client.Client, *wire) {
	t.Helper()
	w := &wire{answers: answers, began: time.Now()}
	c, err := client.New(client.Options{Server: "http://cascade.example", Token: "a-secret-token", Transport: w})
	if err != nil {
		t.Fatal(err)
	}
	return c, w
}

const (
	away     = `{"type":"urn:cascade:problem:unavailable","title":"The ledger cannot be reached","status":503}`
	missing  = `{"type":"urn:cascade:problem:not-found","title":"There is nothing here","status":404}`
	busy     = `{"type":"urn:cascade:problem:in-progress","title":"The same call is at work","status":409}`
	noneSent = `{"accepted":1,"messages":[{"campaign":"x","result":"accepted"}]}`
)

func TestACallIsRepeatedUnderOneKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, w := over(t, reply{}, reply{status: 503, after: "3", body: away}, reply{status: 409, after: "2", body: busy}, reply{status: 200, body: noneSent})
		got, err := c.Send(t.Context(), campaign.Message{Campaign: "x"})
		if err != nil || got.Result != campaign.Accepted {
			t.Fatalf("got %+v, %v", got, err)
		}
		if len(w.keys) != 4 || w.keys[0] == "" || w.keys[0] != w.keys[1] || w.keys[0] != w.keys[3] {
			t.Errorf("the keys were %q, want four times the same", w.keys)
		}
		if first := w.asked[1]; first < 50*time.Millisecond || first > 100*time.Millisecond {
			t.Errorf("asked again after %v, want 50 to 100 ms", first)
		}
		if wait := w.asked[2] - w.asked[1]; wait != 3*time.Second {
			t.Errorf("after Retry-After: 3 asked again in %v", wait)
		}
		if _, err := c.Send(t.Context(), campaign.Message{Campaign: "x"}); err != nil || w.keys[4] == w.keys[0] {
			t.Errorf("another call had the key of the first (%v)", err)
		}
	})
}

func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, w := over(t, reply{status: 503, after: "7", body: away})
		_, err := c.Lanes(t.Context())
		var p *client.Problem
		if !errors.As(err, &p) || p.Type != client.Unavailable || p.RetryAfter != 7*time.Second || len(w.asked) != 5 {
			t.Errorf("asked %d times, got %v; want 5 within half a minute, and the problem", len(w.asked), err)
		}
	})
}

func TestWhatStaysWrongIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for what, answer := range map[string]reply{
			"a problem":  {status: 404, body: missing},
			"no JSON":    {status: 200, body: "<html>"},
			"a redirect": {status: 302, body: "<html>"},
		} {
			c, w := over(t, answer)
			if _, err := c.Campaign(t.Context(), "x"); err == nil || len(w.asked) != 1 || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: asked %d times, %v", what, len(w.asked), err)
			}
		}
		c, w := over(t, reply{})
		if _, err := c.UploadCSV(t.Context(), "x", strings.NewReader("telefono\n")); err == nil || len(w.asked) != 1 {
			t.Errorf("an upload that broke was made %d times, %v", len(w.asked), err)
		}
	})
}

func TestAContextEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := over(t, reply{status: 503, after: "20", body: away})
		ctx, done := context.WithTimeout(t.Context(), time.Second)
		defer done()
		began := time.Now()
		_, err := c.Lanes(ctx)
		var p *client.Problem
		if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &p) || time.Since(began) != time.Second {
			t.Errorf("after %v: %v; want the deadline and the problem after 1 s", time.Since(began), err)
		}
	})
}

func TestAddressesThatAreRefused(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"", "cascade.example", "ftp://x", "http://user:hush@x", "http://x?token=hush", "http://%zz"} {
		if _, err := client.New(client.Options{Server: server}); err == nil || strings.Contains(err.Error(), ":hush") {
			t.Errorf("%q: %v", server, err)
		}
	}
}
