package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/metrics"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

// busy is a house in which everything that is counted has happened, and its campaign.
func busy(t *testing.T) (*rig, *house, campaign.Summary) {
	t.Helper()
	s := symptom{config: receiver, scenario: simulator.Scenario{Outcomes: simulator.Outcomes{
		WhatsApp: simulator.Odds{Refused: 0.2, Undeliverable: 0.2, Silent: 0.1, Read: 0.5}, SMS: simulator.Odds{Undeliverable: 0.1},
	}}}
	r, h := s.house(t)
	if err := r.redis.Admin(t).ConfigSet(t.Context(), "maxmemory", "1gb").Err(); err != nil {
		t.Fatal(err)
	}
	r.load(h, twoLegs, 200)
	for deadline, tick := time.After(time.Minute), time.Tick(100*time.Millisecond); ; {
		st, err := h.store.Status(t.Context(), "alarming")
		if err == nil && st.State == store.Finished && st.Counts.Phase(fallback.Delivered)+st.Counts.Phase(fallback.Failed) == 200 {
			return r, h, st.Summary()
		}
		select {
		case <-deadline:
			t.Fatalf("after a minute the campaign has not finished: %+v, %v", st.Counts, err)
		case <-tick: // look again
		}
	}
}

func shown(h *house) string {
	w := httptest.NewRecorder()
	h.metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

// What a scrape shows is what the catalogue says, no more and no less, and what it counts is
// what the campaign's own books say.
func TestAScrapeShowsTheTruth(t *testing.T) {
	t.Parallel()
	_, h, sum := busy(t)
	page := shown(h)
	if ok, said := promtool(t, ".", page, "check", "metrics"); !ok {
		t.Errorf("promtool check metrics: %s", said)
	}
	for _, m := range metrics.Catalogue() {
		if m.Name == "cascade_limit_per_second" || strings.HasPrefix(m.Name, "cascade_webhooks_") {
			continue // this house has no limits, see the lanes of the next test; and it tells nobody outside
		}
		for _, line := range []string{"# HELP " + m.Name + " " + m.Help + "\n", "# TYPE " + m.Name + " " + string(m.Kind) + "\n"} {
			if !strings.Contains(page, line) {
				t.Errorf("the scrape lacks %s", line)
			}
		}
	}
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(page, -1) {
		ours := slices.ContainsFunc(metrics.Catalogue(), func(m metrics.Metric) bool { return m.Name == found[1] })
		if !ours && !regexp.MustCompile(`^(go|process)_`).MatchString(found[1]) {
			t.Errorf("%s is shown, and does not stand in the catalogue", found[1])
		}
	}
	series := scrape(t, h)
	for _, leg := range sum.Legs {
		count := func(outcome string) float64 {
			return series[fmt.Sprintf(`cascade_messages_total{job="cascade",lane="%s.%s",outcome="%s"}`, leg.Account, leg.Channel, outcome)]
		}
		if claimed := count("claimed"); claimed < float64(leg.Sent) { // a claim may miss its slot, and is made anew
			t.Errorf("%s: %v claims are shown, the campaign's report says that %d were sent", leg.Channel, claimed, leg.Sent)
		}
		for outcome, want := range map[string]int{
			"accepted": leg.Accepted, "delivered": leg.Delivered, "refused": leg.Refused, "undelivered": leg.Undelivered, "timed_out": leg.TimedOut,
		} {
			if got := count(outcome); got != float64(want) {
				t.Errorf("%s: %v are shown as %s, the campaign's report says %d", leg.Channel, got, outcome, want)
			}
		}
	}
	for phase, want := range sum.Counts {
		if got := series[fmt.Sprintf(`cascade_messages{job="cascade",phase="%s"}`, phase)]; got != float64(want) {
			t.Errorf("%v messages are shown as %s, the campaign's report says %d", got, phase, want)
		}
	}
	if regexp.MustCompile(`\d{9}`).MatchString(strings.Join(slices.Collect(maps.Keys(series)), "\n")) || strings.Contains(page, "alarming") {
		t.Error("a person or a campaign stands in a label")
	}
}

// named are the metrics that a text of PromQL speaks of.
func named(expr string) (names []string) {
	for _, name := range regexp.MustCompile(`\b[a-z_]*:?(cascade|asynq|go|process)_[a-z_]+[a-z0-9_:]*`).FindAllString(expr, -1) {
		names = append(names, regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, ""))
	}
	return names
}

// Every metric that rules, dashboards and runbooks speak of is one that there is.
func TestWhatIsAskedForIsThere(t *testing.T) {
	t.Parallel()
	there := map[string]bool{"go_goroutines": true, "process_cpu_seconds_total": true, "process_resident_memory_bytes": true}
	for _, m := range metrics.Catalogue() {
		there[m.Name] = true
	}
	texts := map[string]string{}
	for _, r := range append(rulesOf(t, "rules.yml"), rulesOf(t, "alerts.yml")...) {
		if r.Record != "" {
			there[r.Record] = true
		}
		texts["rule "+r.Record+r.Alert] = r.Expr
	}
	for name, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				texts[name+" "+p.Title] += target.Expr + "\n"
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(pages, "*.md"))
	for _, name := range files {
		text, failed := os.ReadFile(name)
		texts[name], err = regexp.MustCompile(`grep .*`).ReplaceAllString(string(text), ""), failed // they cut names short
	}
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for where, text := range texts {
		for _, name := range named(text) {
			if asked++; !there[name] {
				t.Errorf("%s speaks of %s, which there is not", where, name)
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d names were found: the test looks past them", asked)
	}
}

// A process of any role shows its metrics at metrics_listen, without a token; on the API's
// listener a viewer's token is wanted.
func TestWhoMayReadTheMetrics(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	watch := freeAddress(t)
	r.config = r.rewritten("listen: "+r.listen, "listen: "+r.listen+"\nmetrics_listen: "+watch+"\ntokens:\n  - {name: eyes, role: viewer, token: a-token-of-this-very-test-0001}")
	get := func(url, token string) (status int, body string) {
		t.Helper()
		request, err := http.NewRequest("GET", url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(text)
	}
	r.serving(func(base string) {
		if status, _ := get(base+"/metrics", ""); status != http.StatusUnauthorized {
			t.Errorf("without a token the API's listener answers %d, want 401", status)
		}
		for _, url := range []string{base, "http://" + watch} {
			if status, body := get(url+"/metrics", "a-token-of-this-very-test-0001"); status != http.StatusOK || !strings.Contains(body, "cascade_build_info{") {
				t.Errorf("%s/metrics answers %d", url, status)
			}
			for _, path := range []string{"/livez", "/readyz"} {
				if status, _ := get(url+path, ""); status != http.StatusOK {
					t.Errorf("%s%s answers %d, want 200", url, path, status)
				}
			}
		}
		if status, body := get("http://"+watch+"/metrics", ""); status != http.StatusOK || !strings.Contains(body, `cascade_lane_workers{lane="qlara.sms"}`) {
			t.Errorf("without a token the watchers' listener answers %d, want 200", status)
		}
		r.redis.Kill()
		if status, _ := get("http://"+watch+"/readyz", ""); status != http.StatusServiceUnavailable {
			t.Errorf("without Redis /readyz answers %d, want 503", status)
		}
		for deadline, tick := time.After(20*time.Second), time.Tick(100*time.Millisecond); ; {
			status, body := get("http://"+watch+"/metrics", "")
			if status == http.StatusOK && strings.Contains(body, "\ncascade_redis_up 0\n") {
				break
			}
			select {
			case <-deadline:
				t.Fatalf("without Redis /metrics answers %d, want 200 and cascade_redis_up 0", status)
			case <-tick: // what was read a moment ago is believed for two seconds
			}
		}
		r.redis.Restart(t)
	})
}

// A process that only works opens nothing but the watchers' listener.
func TestAWorkerHasNoListenerOfTheAPI(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	cfg, err := config.Load(r.config, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	cfg.MetricsListen = freeAddress(t)
	h := r.house(cfg, store.HearingRules{})
	r.live(h, []role{workerRole})
	answer, err := http.Get("http://" + cfg.MetricsListen + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("/metrics of a worker answers %d", answer.StatusCode)
	}
	if _, err := http.Get("http://" + r.listen + "/livez"); err == nil {
		t.Error("a worker answers on the API's address")
	}
}
