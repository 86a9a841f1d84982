package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// watching is where the files for Prometheus are.
const watching = "../../deploy/prometheus"

// tool gives the path of a program of Debian's package prometheus, or skips the test.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CASCADE_TEST_REAL") == "1" {
		t.Fatalf("CASCADE_TEST_REAL=1, but %v: install Debian's prometheus", err)
	}
	t.Skipf("%v: install Debian's prometheus", err)
	return ""
}

// promtool runs it in a folder; ok is false if it found something.
func promtool(t *testing.T, folder, input string, args ...string) (ok bool, said string) {
	t.Helper()
	cmd := exec.Command(tool(t, "promtool"), args...)
	cmd.Dir, cmd.Stdin = folder, strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return err == nil, string(out)
}

// raises says whether an alert ("": any of them) was raised at any time of an hour in whose
// first third one scrape was seen all the time, and then the other.
func raises(t *testing.T, before, after map[string]float64, alert string) (fired bool, said string) {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"rules.yml", "alerts.yml"} {
		text, err := os.ReadFile(filepath.Join(watching, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ok, said := promtool(t, folder, "", "test", "rules", writeHour(t, folder, before, after, alert))
	return ok == (alert != ""), said // without a name it was asked that none was
}

// writeHour writes the hour as promtool reads it. What is asked of it is that the alert was
// raised, or that none was.
func writeHour(t *testing.T, folder string, before, after map[string]float64, alert string) (name string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("rule_files: [rules.yml, alerts.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n")
	line := func(series string, first, then string) {
		fmt.Fprintf(&b, "      - {series: '%s', values: '%sx19 %sx40'}\n", series, first, then)
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	for series, v := range after {
		first := "_"
		if was, there := before[series]; there {
			first = number(was)
		}
		line(series, first, number(v))
	}
	for series, v := range before {
		if _, there := after[series]; !there {
			line(series, number(v), "_")
		}
	}
	matcher, want := "", "[]"
	if alert != "" {
		matcher, want = fmt.Sprintf(`alertname="%s",`, alert), fmt.Sprintf(`[{labels: '{alertname="%s"}', value: 1}]`, alert)
	}
	fmt.Fprintf(&b, "    promql_expr_test:\n      - expr: group by (alertname) (max_over_time(ALERTS{%salertstate=\"firing\"}[1h]))\n        eval_time: 1h\n        exp_samples: %s\n", matcher, want)
	if err := os.WriteFile(filepath.Join(folder, "hour.yml"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return "hour.yml"
}
