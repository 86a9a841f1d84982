package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

const viewerToken = "a-token-of-a-viewer-in-this-test"

// viewer is a browser of somebody who may only look, logged in or not.
type viewer struct {
	*testing.T
	base string
	http http.Client
}

func newViewer(t *testing.T, base string) *viewer {
	jar, _ := cookiejar.New(nil) // gives no error
	return &viewer{t, base, http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (v *viewer) logIn() {
	v.Helper()
	got, err := v.http.PostForm(v.base+"/login", url.Values{"token": {viewerToken}})
	if err != nil {
		v.Fatal(err)
	}
	if got.Body.Close(); got.StatusCode != http.StatusSeeOther {
		v.Fatalf("log in: %s", got.Status)
	}
}

func (v *viewer) ask(method, path string) (status int, body string) {
	v.Helper()
	r, _ := http.NewRequest(method, v.base+path, http.NoBody)
	got, err := v.http.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		v.Fatal(err)
	}
	return got.StatusCode, string(text)
}

// asynqQueue is a queue as asynqmon tells of it.
type asynqQueue struct {
	Queue                      string
	Pending, Active, Processed int
}

func (v *viewer) queue(name string) (q asynqQueue) {
	v.Helper()
	status, body := v.ask("GET", "/queues/api/queues")
	var all struct{ Queues []asynqQueue }
	if err := json.Unmarshal([]byte(body), &all); status != http.StatusOK || err != nil {
		v.Fatalf("asynqmon's queues: %d %v\n%s", status, err, body)
	}
	for _, q := range all.Queues {
		if q.Queue == name {
			return q
		}
	}
	return q
}

// until looks again and again.
func (v *viewer) until(what string, is func() bool) {
	v.Helper()
	deadline := time.After(30 * time.Second)
	for !is() {
		select {
		case <-deadline:
			v.Fatalf("%s does not come", what)
		case <-time.After(20 * time.Millisecond): // look again
		}
	}
}

// asynq's own view shows the lanes' queues while a worker works on them, to whom is logged
// in, and nobody's number to anybody.
func TestAsynqsViewShowsTheLanesAtWork(t *testing.T) {
	t.Parallel()
	latency := campaign.Duration(1500 * time.Millisecond)
	r := newRig(t, simulator.Scenario{Latency: simulator.Span{Min: latency, Max: latency}})
	r.withToken()
	file := r.file("now.yaml", strings.ReplaceAll(tomorrow, "start: 2099-01-01T09:00:00Z\n", ""))
	const n = 40
	var rows strings.Builder
	rows.WriteString("telefono\n")
	for i := range n {
		fmt.Fprintf(&rows, "+3934710030%02d\n", i+20)
	}
	people, token := r.file("people.csv", rows.String()), r.file("token", rigSecret)
	r.serving(func(base string) {
		v := newViewer(t, base)
		for _, p := range [][2]string{
			{"GET", "/queues"}, {"GET", "/queues/"}, {"GET", "/queues/servers"}, {"GET", "/queues/api/queues"}, {"GET", "/queues/api/redis_info"}, {"GET", "/queues/api/servers"},
			{"GET", "/queues/static/js/runtime-main.9fea6c1a.js"}, {"POST", "/queues/api/queues/qlara.whatsapp:pause"}, {"DELETE", "/queues/api/queues/qlara.whatsapp"},
		} {
			if status, body := v.ask(p[0], p[1]); status != http.StatusSeeOther || strings.Contains(body, "qlara") {
				t.Errorf("%s %s without a login: %d, want the login", p[0], p[1], status)
			}
		}
		for _, args := range [][]string{{"create", file}, {"upload", "tomorrow", people}, {"start", "tomorrow"}} {
			if code, _, errs := r.cascade(append(append([]string{"campaign"}, args...), "--server", base, "--token-file", token)...); code != 0 {
				t.Fatalf("%q: exit code %d\n%s", args, code, errs)
			}
		}
		v.logIn()
		v.until("a job in hand", func() bool { return v.queue("qlara.whatsapp").Active > 0 })
		if _, body := v.ask("GET", "/queues/api/queues/qlara.whatsapp/active_tasks"); strings.Contains(body, `"id"`) && !strings.Contains(body, " of message ") || strings.Contains(body, "3471003") {
			t.Errorf("the jobs in hand:\n%s", body)
		}
		if _, body := v.ask("GET", "/queues/api/servers"); !strings.Contains(body, `"qlara.whatsapp"`) || strings.Contains(body, "3471003") {
			t.Errorf("the servers:\n%s", body)
		}
		v.until("the end of all jobs", func() bool { return v.queue("qlara.whatsapp").Processed >= n })
		for _, path := range []string{"/queues", "/lanes", "/lanes/qlara.whatsapp", "/workers", "/audit", "/suppressions"} {
			if status, body := v.ask("GET", path); status != http.StatusOK || strings.Contains(body, "3471003") {
				t.Errorf("%s: %d\n%s", path, status, body)
			}
		}
		if status, _ := v.ask("POST", "/queues/api/queues/qlara.whatsapp:pause"); status != http.StatusMethodNotAllowed {
			t.Errorf("pausing a queue: %d, want 405", status)
		}
	})
}

// withToken makes the rig's server ask who one is.
func (r *rig) withToken() {
	r.t.Helper()
	text, err := os.ReadFile(r.config)
	if err != nil {
		r.t.Fatal(err)
	}
	r.config = r.file("cascade.yaml", string(text)+fmt.Sprintf("tokens:\n  - {name: eyes, role: viewer, token: %s}\n  - {name: crm, role: operator, token: %s}\n", viewerToken, rigSecret))
}
