package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/seed-438792ba/cascade/"

const top = 6

// floors says on which floor each package stands. Everything reads downwards.
var floors = map[string]int{
	"campaign": 1, "logs": 1, "deploy": 1,
	"fallback": 2, "ratelimit": 2, "provider": 2,
	"provider/qlara": 2, "provider/infobip": 2, "provider/kaleyra": 2, "provider/wab": 2, "provider/simulator": 2, "provider/providertest": 2,
	"store": 3, "scheduler": 3, "worker": 3, "webhook": 3, "store/redistest": 3,
	"config": 4, "api": 4, "client": 4, "metrics": 4, "traces": 4,
	"web": 5, "web/queuemon": 5,
	"cmd/cascade": top, "bench": top,
}

// neighbours are the imports within a floor that are meant: a folder may know its parent.
func neighbours(from, to string) bool { return strings.HasPrefix(from, to+"/") }

// users says who may import a library, besides those of the top floor.
var users = map[string][]string{
	"github.com/redis/go-redis/v9": {"store", "ratelimit", "store/redistest"},
	"github.com/hibiken/asynq":     {"scheduler", "worker", "store"},
	"github.com/prometheus":        {"metrics"},
	"go.opentelemetry.io/otel":     {"traces"},
}

func TestNothingImportsUpwards(t *testing.T) {
	for _, p := range packages(t) {
		floor, known := floors[p.name]
		if !known {
			t.Errorf("package %s stands on no floor: add it to the table", p.name)
			continue
		}
		for _, imported := range p.imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if below := floors[to]; below > floor || below == floor && !neighbours(p.name, to) {
				t.Errorf("%s (floor %d) imports %s (floor %d)", p.name, floor, to, below)
			}
		}
	}
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.imports {
			for library, allowed := range users {
				if imported != library && !strings.HasPrefix(imported, library+"/") || floors[p.name] == top {
					continue
				}
				if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+p.name+" ") {
					t.Errorf("%s imports %s, which belongs to %s", p.name, imported, strings.Join(allowed, ", "))
				}
			}
		}
	}
}

func TestTheSimulatorKnowsNoAdapter(t *testing.T) {
	for _, p := range packages(t) {
		if p.name != "provider/simulator" {
			continue
		}
		for _, imported := range p.imports {
			if strings.HasPrefix(imported, module) && imported != module+"campaign" {
				t.Errorf("the simulator, an independent judge, imports %s", imported)
			}
		}
	}
}

func TestTheClientStandsOnTheNounsAlone(t *testing.T) {
	for _, p := range packages(t) {
		if p.name != "client" {
			continue
		}
		for _, imported := range p.imports {
			if strings.Contains(imported, ".") && imported != module+"campaign" {
				t.Errorf("the client, which other services import, imports %s", imported)
			}
		}
	}
}

type pkg struct {
	name    string
	imports []string
}

// packages lists the module's packages with what their shipped files import.
func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []pkg
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		list = append(list, pkg{strings.TrimPrefix(fields[0], module), fields[1:]})
	}
	return list
}
