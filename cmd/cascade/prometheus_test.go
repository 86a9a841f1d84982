package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

// A real Prometheus with the files as they are shipped, but for its target and its haste,
// scrapes a real house, reads all rules, and raises an alert when Redis dies.
func TestAPrometheusWatchesAHouse(t *testing.T) {
	if testing.Short() {
		t.Skip("a Prometheus takes some seconds")
	}
	t.Parallel()
	path := tool(t, "prometheus")
	r := newRig(t, simulator.Scenario{})
	cfg, err := config.Load(r.config, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	cfg.MetricsListen = freeAddress(t)
	h := r.house(cfg, store.HearingRules{})
	r.live(h, allRoles)
	p := startPrometheus(t, path, cfg.MetricsListen)
	p.until("what the house shows", `cascade_build_info{job="cascade"} == 1`)
	p.until("what the rules record", `lane:cascade_line_due:max{lane="qlara.sms"} == 0`)
	p.sound()
	r.redis.Kill()
	p.until("the alert", `ALERTS{alertname="CascadeRedisAway", alertstate="firing"}`)
}

// watcherProcess is a Prometheus of this test's.
type watcherProcess struct {
	t    *testing.T
	base string
}

func startPrometheus(t *testing.T, path, target string) watcherProcess {
	t.Helper()
	folder := t.TempDir()
	hasty := strings.NewReplacer("scrape_interval: 15s", "scrape_interval: 500ms", "evaluation_interval: 15s", "evaluation_interval: 500ms",
		"127.0.0.1:9464", target, "for: 30s", "for: 1s")
	for _, name := range []string{"prometheus.yml", "rules.yml", "alerts.yml"} {
		text, err := os.ReadFile(filepath.Join(watching, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), []byte(hasty.Replace(string(text))), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	listen := freeAddress(t)
	cmd := exec.Command(path, "--config.file", filepath.Join(folder, "prometheus.yml"), "--storage.tsdb.path", filepath.Join(folder, "data"), "--web.listen-address", listen)
	cmd.Dir = folder
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
		log.Close()
		if text, err := os.ReadFile(log.Name()); t.Failed() && err == nil {
			t.Logf("Prometheus said: %s", text)
		}
	})
	return watcherProcess{t, "http://" + listen}
}

// ask asks its API; nothing comes of a Prometheus that is not there yet.
func (p watcherProcess) ask(path string, into any) error {
	answer, err := http.Get(p.base + path)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

// until waits until an expression has a value.
func (p watcherProcess) until(what, expr string) {
	p.t.Helper()
	var found struct{ Data struct{ Result []any } }
	for deadline, tick := time.After(time.Minute), time.Tick(200*time.Millisecond); ; {
		err := p.ask("/api/v1/query?query="+url.QueryEscape(expr), &found)
		if err == nil && len(found.Data.Result) > 0 {
			return
		}
		select {
		case <-deadline:
			p.t.Fatalf("after a minute Prometheus does not know %s: %v", what, err)
		case <-tick: // ask again
		}
	}
}

// sound asks that every rule was evaluated without a fault.
func (p watcherProcess) sound() {
	p.t.Helper()
	var found struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
	}
	if err := p.ask("/api/v1/rules", &found); err != nil {
		p.t.Fatal(err)
	}
	n := 0
	for _, g := range found.Data.Groups {
		for _, r := range g.Rules {
			if n++; r.Health != "ok" {
				p.t.Errorf("rule %s is %s: %s", r.Name, r.Health, r.LastError)
			}
		}
	}
	if n < len(symptoms) {
		p.t.Errorf("Prometheus has %d rules, want at least %d", n, len(symptoms))
	}
}
