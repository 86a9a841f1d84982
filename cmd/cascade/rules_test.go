package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// rule is one of Prometheus', as its file has it.
type rule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

func rulesOf(t *testing.T, name string) (rules []rule) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(watching, name))
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Groups []struct{ Rules []rule } }
	if err := yaml.Unmarshal(text, &f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, g := range f.Groups {
		rules = append(rules, g.Rules...)
	}
	if len(rules) == 0 {
		t.Fatalf("%s has no rules", name)
	}
	return rules
}

// promtool reads what Prometheus would, and each alert is raised, and not raised, by series
// that are made up for it.
func TestPromtoolFindsNothing(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"check", "config", "prometheus.yml"}, {"check", "rules", "rules.yml", "alerts.yml"}, {"test", "rules", "alerts.test.yml"},
	} {
		if ok, said := promtool(t, watching, "", args...); !ok {
			t.Errorf("promtool %s: %s", strings.Join(args, " "), said)
		}
	}
}

const pages = "../../docs/runbooks"

// chapters are those of every runbook.
var chapters = []string{"What it means", "How to look", "What to do", "How to know that it is mended"}

// Every alert says what is seen and what to press, has its page, and is tried both ways;
// and every page has its alert.
func TestEveryAlertHasItsPage(t *testing.T) {
	t.Parallel()
	tried, err := os.ReadFile(filepath.Join(watching, "alerts.test.yml"))
	if err != nil {
		t.Fatal(err)
	}
	const at = "https://github.com/seed-438792ba/cascade/blob/main/docs/runbooks/"
	var has []string
	for _, a := range rulesOf(t, "alerts.yml") {
		name, found := strings.CutPrefix(a.Annotations["runbook_url"], at)
		if !found || a.Annotations["summary"] == "" || a.Annotations["press"] == "" || a.For == "" || !slices.Contains([]string{"critical", "warning"}, a.Labels["severity"]) {
			t.Errorf("%s wants a summary, what to press, a runbook below %s, how long it waits, and a severity", a.Alert, at)
			continue
		}
		has = append(has, name)
		page, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil {
			t.Errorf("%s: %v", a.Alert, err)
			continue
		}
		if !strings.HasPrefix(string(page), "# "+a.Alert+"\n") {
			t.Errorf("%s is not headed %s", name, a.Alert)
		}
		for _, c := range chapters {
			if !strings.Contains(string(page), "\n## "+c+"\n") {
				t.Errorf("%s has no chapter %q", name, c)
			}
		}
		both := regexp.MustCompile(`alertname="`+a.Alert+`", alertstate="firing"\}\)\n\s*eval_time: \w+\n\s*exp_samples:( \[\])?`).FindAllStringSubmatch(string(tried), -1)
		if !slices.ContainsFunc(both, func(m []string) bool { return m[1] == "" }) || !slices.ContainsFunc(both, func(m []string) bool { return m[1] != "" }) {
			t.Errorf("%s is not tried both ways in alerts.test.yml", a.Alert)
		}
	}
	entries, err := os.ReadDir(pages)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(has, e.Name()) {
			t.Errorf("%s is the page of no alert", e.Name())
		}
	}
}

// Each symptom that is caused in a real house is of an alert that there is.
func TestSymptomsAreOfAlerts(t *testing.T) {
	t.Parallel()
	var alerts []string
	for _, a := range rulesOf(t, "alerts.yml") {
		alerts = append(alerts, a.Alert)
	}
	for _, s := range symptoms {
		if !slices.Contains(alerts, s.alert) {
			t.Errorf("there is no alert %s", s.alert)
		}
	}
}
