package main

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// TestTheDashboardTellsOfACampaign looks at a campaign that ran, and leaves a page open
// when the process stops: that must not hold it up.
func TestTheDashboardTellsOfACampaign(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	file := r.file("campaign.yaml", shownCampaign)
	r.run(file, r.file("people.csv", "nome,telefono\nAda,+393471001000\nBob,+393471001001\n"), 0)
	var stopped time.Time
	r.serving(func(base string) {
		v := newViewer(t, base)
		until(t, "the process to tell that it lives", func() bool {
			_, page := v.ask("GET", "/workers")
			return strings.Contains(page, `<span class="state free">alive`)
		})
		for path, wants := range map[string][]string{
			"/":                         {"SIMULATED", "NO TOKENS ARE CONFIGURED", "qlara.whatsapp", `<b>1</b><span>live as <a href="/workers">worker</a>`},
			"/campaigns?state=finished": {`href="/campaigns/dash"`},
			"/campaigns/dash":           {"accepted <b>2</b> = delivered&nbsp;<b>2</b>", "finished"},
			"/v1/nothing":               {`"type":"urn:cascade:problem:not-found"`},
		} {
			_, page := v.ask("GET", path)
			for _, want := range wants {
				if !strings.Contains(page, want) {
					t.Errorf("%s lacks %q:\n%s", path, want, page)
				}
			}
		}
		open, err := http.Get(base + "/stream/campaigns/dash")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { open.Body.Close() })
		stopped = time.Now()
	})
	if took := time.Since(stopped); took > 4*time.Second {
		t.Errorf("with a page open the process took %v to stop", took)
	}
}

const shownCampaign = `campaign: dash
route:
  - {channel: whatsapp, account: qlara, wait: 5s, template: {id: 42, placeholders: [nome]}}
recipients: {region: IT, columns: {destination: telefono}}
`

func TestTheDemoNamesItsDashboardFirst(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	var out bytes.Buffer
	errs := &ended{then: interrupt}
	p := &program{out: &out, errs: errs, env: func(string) (string, bool) { return "", false }}
	if code := p.run(ctx, "demo", "--recipients", "1", "--listen", "127.0.0.1:0", "--stay"); code != 0 || !strings.Contains(out.String(), "is finished: accepted 1") {
		t.Fatalf("the demo ended with %d:\n%s%s", code, errs.String(), out.String())
	}
	lines := strings.Split(errs.String(), "\n")
	if !strings.Contains(lines[0], "DEMO") || !strings.HasPrefix(lines[1], "  Dashboard  http://127.0.0.1:") {
		t.Errorf("the demo begins with\n%s", errs.String())
	}
}

// ended keeps what it is told, and does something when it is told that the campaign ended.
type ended struct {
	bytes.Buffer
	then func()
}

func (e *ended) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("stays until Ctrl-C")) {
		e.then()
	}
	return e.Buffer.Write(b)
}
