package api_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// endless is a body that never ends, and counts what was taken of it.
type endless struct {
	line  string
	taken int64
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n+len(e.line) <= len(p) {
		n += copy(p[n:], e.line)
	}
	e.taken += int64(n)
	return n, nil
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	for _, test := range []struct {
		path, contentType, line string
		want                    int
	}{
		{"/v1/campaigns", "application/json", " ", 413},
		{"/v1/campaigns", "application/yaml", "#", 413},
		{"/v1/messages", "application/json", " ", 413},
		{"/v1/campaigns/spring/pause", "application/json", " ", 413},
		{"/v1/campaigns/spring/recipients", "application/x-ndjson", "x", 422}, // a line without an end
		{"/v1/campaigns/spring/recipients", "text/csv", "x", 422},
		{"/v1/campaigns/spring/recipients", "application/x-ndjson", strings.Repeat("x", 100) + "\n", 422}, // rubbish
		{"/callbacks/qlara/" + secret, "application/json", " ", 413},
	} {
		const most = 16 << 20
		body := &endless{line: test.line}
		r := httptest.NewRequest("POST", test.path, body)
		r.Header.Set("Authorization", "Bearer "+operator)
		r.Header.Set("Content-Type", test.contentType)
		w := httptest.NewRecorder()
		h.api.Handler().ServeHTTP(w, r)
		if w.Code != test.want || body.taken > most || !strings.Contains(w.Body.String(), "urn:cascade:problem:") {
			t.Errorf("%s of %s: %d after %d bytes, want %d soon\n%.300s", test.path, test.contentType, w.Code, body.taken, test.want, w.Body)
		}
	}
}

func TestDeepBodiesAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	const deep = 10_000
	for what, body := range map[string]string{
		"lists":           strings.Repeat("[", deep) + strings.Repeat("]", deep),
		"open lists":      strings.Repeat("[", deep),
		"objects":         strings.Repeat(`{"campaign":`, deep) + "1" + strings.Repeat("}", deep),
		"below a key":     `{"campaign": "x", "route": ` + strings.Repeat("[", deep) + strings.Repeat("]", deep) + "}",
		"indented blocks": strings.Repeat("- ", deep) + "x",
	} {
		for _, form := range []string{"application/json", "application/yaml"} {
			began := time.Now()
			got := h.want(what+" as "+form, h.do("POST", "/v1/campaigns", operator, form, body), 422)
			if took := time.Since(began); took > 5*time.Second || len(got.body) > 64<<10 {
				t.Errorf("%s as %s took %s and %d bytes of an answer", what, form, took, len(got.body))
			}
		}
	}
}

// A body that stands still is given up when the server's patience ends, and says so.
func TestASlowBodyBreaksOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	server := httptest.NewUnstartedServer(h.api.Handler())
	server.Config.ReadTimeout = 50 * time.Millisecond
	server.Start()
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", operator)
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") || !strings.Contains(string(answer), "the body broke off") {
		t.Errorf("%v\n%s", err, answer)
	}
}

func TestAFullRedisIsToldWithATime(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Campaigns = fullRegister{o.Campaigns.(register)} })
	h.standing()
	var p api.Problem
	got := h.want("messages", h.do("POST", "/v1/messages", operator, "application/json", order(1, "a")), http.StatusTooManyRequests)
	if got.into(t, &p); p.Type != "urn:cascade:problem:redis-full" || got.header.Get("Retry-After") == "" {
		t.Errorf("%+v, Retry-After %q", p, got.header.Get("Retry-After"))
	}
	h.want("recipients", h.do("POST", "/v1/campaigns/orders/recipients", operator, "text/csv", "destination;key;nome\n+393401234567;1;Ada\n"), http.StatusTooManyRequests)
}
