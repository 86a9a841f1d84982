package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store/redistest"
)

// rig is a real Redis, a simulated provider over HTTP, and a configuration that joins
// them. The program runs in this process, by its command line.
type rig struct {
	t         *testing.T
	redis     *redistest.Server
	simulator *simulator.Simulator
	folder    string
	config    string
	listen    string
}

const rigSecret = "a-secret-of-this-test"

func newRig(t *testing.T, sc simulator.Scenario) *rig {
	t.Helper()
	r := &rig{t: t, redis: redistest.Real(t, "--appendonly", "yes"), folder: t.TempDir(), listen: freeAddress(t)}
	var err error
	if r.simulator, err = simulator.New(simulator.Options{
		Scenario: sc, Callbacks: "http://" + r.listen + "/callbacks/qlara/" + rigSecret, KeepContent: true,
		Signing: map[string]simulator.Signing{
			"infobip": {User: "infobip", Password: rigSecret, HMACHeader: "X-Signature", HMACKey: rigSecret},
			"kaleyra": {Header: "X-Cascade", Value: rigSecret},
		},
	}); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- r.simulator.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("simulator: %v", err)
		}
	})
	r.config = r.file("cascade.yaml", fmt.Sprintf(`redis: %s
listen: %s
accounts:
  qlara:
    provider: qlara
    base_url: http://%s/api
    api_key: test
    callback_secret: %s
    limits: []
    whatsapp: {phone_number_id: 5}
    rcs: {agent_id: 1}
    sms: {sender: MyBrand}
  infobip:
    provider: infobip
    base_url: http://%[3]s
    api_key: test
    callback_secret: %[4]s
    callback_user: infobip
    callback_password: %[4]s
    callback_hmac_header: X-Signature
    callback_hmac_key: %[4]s
    whatsapp: {sender: "441134960000", url_options: {shorten_url: true, track_clicks: true}}
    rcs: {sender: MyAgent}
    sms: {sender: MyBrand}
  kaleyra:
    provider: kaleyra
    base_url: http://%[3]s
    sid: HXAP1693000000IN
    api_key: test
    callback_secret: %[4]s
    limits: []
    callback_header: X-Cascade
    callback_header_value: %[4]s
    whatsapp: {from: "+919000000000", callback_profile_id: IN_whatsapp}
    rcs: {from: my-agent}
    sms: {sender: MyBrand, callback_profile_id: form-sms}
  wab:
    provider: wab
    base_url: http://%[3]s
    username: test
    password: test
    callback_secret: %[4]s
    limits: []
    whatsapp: {source: "6421000000"}
    sms: {source: "2000"}
`, r.redis.URL, r.listen, l.Addr(), rigSecret))
	for _, p := range simulator.Providers() {
		r.simulator.SetCallbacks("http://"+r.listen+"/callbacks/"+p.Name+"/"+rigSecret, p.Name)
	}
	return r
}

// freeAddress is one that was free a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (r *rig) file(name, text string) string {
	r.t.Helper()
	path := filepath.Join(r.folder, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// rewritten is the configuration with other words in it.
func (r *rig) rewritten(old, new string) string {
	r.t.Helper()
	text, err := os.ReadFile(r.config)
	if err != nil || !strings.Contains(string(text), old) {
		r.t.Fatalf("the configuration has no %q: %v", old, err)
	}
	return r.file("rewritten.yaml", strings.ReplaceAll(string(text), old, new))
}

// copy takes a file of the campaign package's into the rig's folder.
func (r *rig) copy(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join("../../campaign/testdata", name))
	if err != nil {
		r.t.Fatal(err)
	}
	return r.file(name, string(text))
}

// cascade runs a command line to its end and gives its exit code, stdout and stderr.
func (r *rig) cascade(args ...string) (code int, out, errs string) {
	r.t.Helper()
	var o, e bytes.Buffer
	p := &program{out: &o, errs: &e, env: func(string) (string, bool) { return "", false }, level: slog.LevelError}
	ctx, done := context.WithTimeout(context.Background(), 2*time.Minute)
	defer done()
	code = p.run(ctx, append(args, "--log-level", "error")...)
	return code, o.String(), e.String()
}

// run runs a campaign to its end and gives its summary.
func (r *rig) run(file, recipients string, want int) campaign.Summary {
	r.t.Helper()
	code, out, errs := r.cascade("run", file, "--recipients", recipients, "--config", r.config, "--output", "json")
	if code != want {
		r.t.Fatalf("exit code %d, want %d\nstdout: %s\nstderr: %s", code, want, out, errs)
	}
	var sum campaign.Summary
	if err := json.Unmarshal([]byte(out), &sum); err != nil {
		r.t.Fatalf("stdout is no summary: %v\n%s", err, out)
	}
	total := 0
	for _, n := range sum.Counts {
		total += n
	}
	if total != sum.Accepted || sum.State != "finished" {
		r.t.Errorf("accepted %d, but the counts add up to %d, in state %s: %+v", sum.Accepted, total, sum.State, sum.Counts)
	}
	return sum
}

// requests are the simulator's log, by the recipient's number.
func (r *rig) requests() map[string][]simulator.Record {
	byNumber := map[string][]simulator.Record{}
	for rec := range r.simulator.Log(0) {
		to := rec.FullDestination
		byNumber[to] = append(byNumber[to], rec)
	}
	return byNumber
}

// serving runs `serve` beside what f does, for what can only be asked of a server.
func (r *rig) serving(f func(base string)) {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	p := &program{out: io.Discard, errs: io.Discard, env: func(string) (string, bool) { return "", false }}
	ended := make(chan int, 1)
	go func() { ended <- p.run(ctx, "serve", "--config", r.config, "--log-level", "error") }()
	defer func() {
		stop()
		if code := <-ended; code != 0 {
			r.t.Errorf("serve ended with exit code %d", code)
		}
	}()
	base := "http://" + r.listen
	deadline := time.After(20 * time.Second)
	for {
		if answer, err := http.Get(base + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				break
			}
		}
		select {
		case <-deadline:
			r.t.Fatal("serve does not become ready")
		case <-time.After(10 * time.Millisecond): // ask again
		}
	}
	f(base)
}

// export reads a campaign's export, by number.
func (r *rig) export(base, id string) map[string]exported {
	r.t.Helper()
	answer, err := http.Get(base + "/v1/campaigns/" + id + "/export?format=ndjson")
	if err != nil {
		r.t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := map[string]exported{}
	for dec := json.NewDecoder(answer.Body); ; {
		var line exported
		if err := dec.Decode(&line); err == io.EOF {
			return lines
		} else if err != nil {
			r.t.Fatal(err)
		}
		lines[line.Destination] = line
	}
}

type exported struct {
	Message, Destination, Phase, Channel, Reason string
	Overlap, Read, Late                          bool
	Attempts                                     []struct{ ID, Channel, Outcome string }
}

// story is the outcomes of a message's attempts: "whatsapp undelivered, rcs delivered".
func (e exported) story() string {
	var parts []string
	for _, a := range e.Attempts {
		parts = append(parts, a.Channel+" "+a.Outcome)
	}
	return strings.Join(parts, ", ")
}
