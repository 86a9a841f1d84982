package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dashboard is what is looked at of one of Grafana's.
type dashboard struct {
	UID, Title string
	Panels     []struct {
		ID                       int
		Type, Title, Description string
		GridPos                  struct{ X, Y, W, H int }
		Targets                  []struct{ Expr string }
	}
}

const graphs = "../../deploy/grafana/dashboards"

func dashboards(t *testing.T) map[string]dashboard {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(graphs, "*.json"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%d dashboards, want two: %v", len(files), err)
	}
	all := map[string]dashboard{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d dashboard
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[filepath.Base(name)] = d
	}
	return all
}

// filled is what Grafana makes of an expression before Prometheus sees it.
var filled = strings.NewReplacer("$__rate_interval", "5m", "$__range", "3h", "$job", "cascade", "$lane", ".*")

// Every expression of the dashboards is one that Prometheus reads.
func TestDashboardsAskWhatPrometheusReads(t *testing.T) {
	t.Parallel()
	rules := "groups:\n  - name: dashboards\n    rules:\n"
	n := 0
	for name, d := range dashboards(t) {
		for _, p := range d.Panels {
			if p.Type != "row" && len(p.Targets) == 0 {
				t.Errorf("%s: the panel %q asks nothing", name, p.Title)
			}
			for _, target := range p.Targets {
				n++
				rules += fmt.Sprintf("      - {record: 'panel:%d', expr: '%s'}\n", n, strings.ReplaceAll(filled.Replace(target.Expr), "'", "''"))
			}
		}
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "panels.yml"), []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	ok, said := promtool(t, folder, "", "check", "rules", "panels.yml")
	if want := fmt.Sprintf("%d rules found", n); !ok || !strings.Contains(said, want) {
		t.Errorf("promtool finds in %d expressions: %s", n, said)
	}
}

// Grafana looks for the dashboards where compose.yaml puts them.
func TestDashboardsLieWhereGrafanaLooks(t *testing.T) {
	t.Parallel()
	provider, err := os.ReadFile("../../deploy/grafana/provisioning/dashboards/cascade.yml")
	if err != nil {
		t.Fatal(err)
	}
	compose, err := os.ReadFile("../../deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	path := regexp.MustCompile(`path: ([^}\s]+)`).FindStringSubmatch(string(provider))
	if path == nil || !strings.Contains(string(compose), "./grafana/dashboards:"+path[1]) {
		t.Errorf("the provider looks in %q, and compose.yaml mounts the dashboards elsewhere", path)
	}
}

// No two panels have one id, or lie on top of each other, and every panel has a title.
func TestPanelsLieSideBySide(t *testing.T) {
	t.Parallel()
	for name, d := range dashboards(t) {
		taken, ids := map[[2]int]string{}, map[int]bool{}
		for _, p := range d.Panels {
			if p.Title == "" || ids[p.ID] {
				t.Errorf("%s: panel %d wants a title, and an id of its own", name, p.ID)
			}
			ids[p.ID] = true
			for x := range p.GridPos.W {
				for y := range p.GridPos.H {
					cell := [2]int{p.GridPos.X + x, p.GridPos.Y + y}
					if other, there := taken[cell]; there || cell[0] >= 24 {
						t.Fatalf("%s: %q lies on %q, or over the edge", name, p.Title, other)
					}
					taken[cell] = p.Title
				}
			}
		}
	}
}
