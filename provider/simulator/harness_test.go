package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// world is a simulator behind a socket, and the receiver of its callbacks behind another.
type world struct {
	t        *testing.T
	sim      *Simulator
	url      string
	back     string // where the receiver is
	client   *http.Client
	receiver *receiver
}

func start(t *testing.T, o Options) *world {
	t.Helper()
	rec := &receiver{answer: func(int) (int, string) { return http.StatusOK, "+OK" }}
	back := httptest.NewServer(rec)
	o.Callbacks = back.URL + "/callbacks/qlara/secret"
	sim, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(sim)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
		front.Close()
		back.Close()
	})
	return &world{t: t, sim: sim, url: front.URL, back: back.URL, client: front.Client(), receiver: rec}
}

// receiver is the caller's side of the callbacks.
type receiver struct {
	mu     sync.Mutex
	got    []told
	answer func(n int) (status int, body string) // to the n-th callback, counted from 1
	seen   func(told)                            // may be nil
}

// told is one callback, as it came in.
type told struct {
	Method, Path string
	Query        url.Values
	ContentType  string
	JSON         map[string]any
	Form         url.Values
	Body         []byte
	Request      *http.Request
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	c := told{Method: req.Method, Path: req.URL.Path, Query: req.URL.Query(), ContentType: req.Header.Get("Content-Type"), Body: body, Request: req}
	if json.Unmarshal(body, &c.JSON) != nil {
		c.Form, _ = url.ParseQuery(string(body))
	}
	r.mu.Lock()
	r.got = append(r.got, c)
	status, said := r.answer(len(r.got))
	seen := r.seen
	r.mu.Unlock()
	if seen != nil {
		seen(c)
	}
	w.WriteHeader(status)
	io.WriteString(w, said)
}

func (r *receiver) all() []told {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]told(nil), r.got...)
}

// short is a callback in a word or two: "delivered", "read", "undeliverable 2/3".
func (c told) short() string {
	switch {
	case c.Form != nil:
		return "form " + c.Form.Get("text")
	case c.JSON["eventType"] == "READ":
		return "read"
	case c.JSON["eventType"] == "INBOUND":
		return "inbound " + fmt.Sprint(c.JSON["text"])
	}
	word := map[any]string{3.0: "delivered", 6.0: "undeliverable"}[c.JSON["statusCode"]]
	if n, there := c.JSON["totalParts"]; there && n != 1.0 {
		word += fmt.Sprintf(" %v/%v", c.JSON["numPart"], n)
	}
	return word
}

func (w *world) heard() []string {
	out := []string{}
	for _, c := range w.receiver.all() {
		out = append(out, c.short())
	}
	return out
}

// answered is an HTTP answer that was read whole.
type answered struct {
	Status int
	Header http.Header
	Text   []byte
	JSON   map[string]any // of an object
}

func (a answered) accepted(ch campaign.Channel) bool {
	results, _ := a.JSON["results"].(map[string]any)
	result, _ := results[ch.String()].(map[string]any)
	return result["accepted"] == true
}

func (w *world) do(method, path string, body []byte, set ...func(*http.Request)) (answered, error) {
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, bytes.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	req.Header.Set("X-Api-Key", "key")
	req.Header.Set("Content-Type", "application/json")
	for _, f := range set {
		f(req)
	}
	resp, err := w.client.Do(req)
	if err != nil {
		return answered{}, err
	}
	defer resp.Body.Close()
	a := answered{Status: resp.StatusCode, Header: resp.Header}
	a.Text, err = io.ReadAll(resp.Body)
	if err == nil && bytes.HasPrefix(a.Text, []byte("{")) {
		err = json.Unmarshal(a.Text, &a.JSON)
	}
	return a, err
}

func (w *world) must(method, path string, body []byte, set ...func(*http.Request)) answered {
	w.t.Helper()
	a, err := w.do(method, path, body, set...)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// order is a request as an adapter would make it.
func order(ch campaign.Channel, to, id string, more ...string) []byte {
	m := map[string]any{"destination": to, "messageId": id, "campaignId": "spring"}
	switch ch {
	case campaign.WhatsApp:
		m["phoneNumberId"], m["template"] = 5, map[string]any{"id": 42}
	case campaign.RCS:
		m["agentId"], m["templateId"] = 1, 10
	case campaign.SMS:
		m["sender"], m["body"] = "MyBrand", "Ciao"
	}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	b, _ := json.Marshal(m)
	return b
}

func path(ch campaign.Channel) string { return "/api/message-server/" + ch.String() + "/send" }

func (w *world) send(ch campaign.Channel, to, id string, more ...string) answered {
	w.t.Helper()
	return w.must("POST", path(ch), order(ch, to, id, more...))
}

// drain waits until all receipts were sent.
func (w *world) drain() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
	defer cancel()
	if err := w.sim.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) log() []Record {
	var out []Record
	for r := range w.sim.Log(0) {
		out = append(out, r)
	}
	return out
}

// delayed is an ideal provider whose receipts take a moment.
func delayed(d time.Duration) Scenario {
	return Scenario{Receipts: Receipts{Delay: Span{Min: campaign.Duration(d), Max: campaign.Duration(d)}}}
}

// clock is told the time.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
