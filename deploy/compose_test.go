package deploy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestComposeFitsTogether(t *testing.T) {
	t.Parallel()
	stack := documents(t, "compose.yaml")[0]
	services := asObject(stack["services"])
	for name, service := range services {
		for _, list := range []string{"networks", "secrets"} {
			for _, used := range words(at(service, list)) {
				if asObject(stack[list])[used] == nil {
					t.Errorf("%s uses %s %s, which compose.yaml lacks", name, list, used)
				}
			}
		}
		for other := range asObject(at(service, "depends_on")) {
			if services[other] == nil {
				t.Errorf("%s depends on %s, which compose.yaml lacks", name, other)
			}
		}
		mounts(t, stack, name, words(at(service, "volumes")))
		if at(service, "image") == "cascade" {
			aCascade(t, name, asObject(service))
		}
	}
	for name, secret := range asObject(stack["secrets"]) {
		if at(secret, "file") != "secrets/"+name || !strings.Contains(string(text(t, "secrets.sh")), name) {
			t.Errorf("secret %s is not one that secrets.sh makes", name)
		}
	}
}

// mounts looks whether what is mounted is there: a volume of compose.yaml, or a file.
func mounts(t *testing.T, stack object, service string, volumes []string) {
	t.Helper()
	for _, mount := range volumes {
		source, _, _ := strings.Cut(mount, ":")
		if !strings.HasPrefix(source, ".") {
			if _, there := asObject(stack["volumes"])[source]; !there {
				t.Errorf("%s mounts the volume %s, which compose.yaml lacks", service, source)
			}
			continue
		}
		if _, err := os.Stat(source); err != nil {
			t.Errorf("%s mounts %s: %v", service, source, err)
		}
	}
}

// aCascade looks whether the program understands what a service wants of it.
func aCascade(t *testing.T, name string, service object) {
	t.Helper()
	args := words(service["command"])
	understood(t, name, args)
	if file := word(at(service, "build", "dockerfile")); file != "deploy/Dockerfile" { // or it would be looked for elsewhere
		t.Errorf("%s is not built here, but by %q", name, file)
	}
	if service["read_only"] != true {
		t.Errorf("%s may write to its root", name)
	}
	for variable := range asObject(service["environment"]) {
		known(t, name, variable)
	}
	if args[0] != "serve" {
		return
	}
	if at(service, "environment", "CASCADE_SECRETS") != "/run/secrets" {
		t.Errorf("%s does not look for its secrets where compose puts them", name)
	}
	inside := args[slices.Index(args, "--config")+1]
	for _, mount := range words(service["volumes"]) {
		if source, target, _ := strings.Cut(mount, ":"); target == inside+":ro" {
			checked(t, filepath.Clean(source), words(service["secrets"]))
			return
		}
	}
	t.Errorf("%s reads %s, which is not mounted", name, inside)
}

func TestPrometheusFindsEveryProcess(t *testing.T) {
	t.Parallel()
	services := asObject(documents(t, "compose.yaml")[0]["services"])
	scrape := at(asList(documents(t, "compose/prometheus.yml")[0]["scrape_configs"])[0], "dns_sd_configs")
	found := asObject(asList(scrape)[0])
	var want []string
	for name, service := range services {
		if listens := word(at(service, "environment", "CASCADE_METRICS_LISTEN")); listens != "" {
			want = append(want, name)
			if port, _ := found["port"].(uint64); listens != ":9464" || port != 9464 {
				t.Errorf("%s listens at %s, Prometheus asks at port %d", name, listens, port)
			}
		}
	}
	if got := words(found["names"]); len(want) != 3 || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
		t.Errorf("Prometheus asks %q, want %q", got, want)
	}
}

func TestGrafanaFindsItsDashboards(t *testing.T) {
	t.Parallel()
	services := asObject(documents(t, "compose.yaml")[0]["services"])
	provider := asList(documents(t, "grafana/provisioning/dashboards/cascade.yml")[0]["providers"])[0]
	want := "./grafana/dashboards:" + word(at(provider, "options", "path")) + ":ro"
	if mounted := words(at(services["grafana"], "volumes")); !slices.Contains(mounted, want) {
		t.Errorf("Grafana mounts %q, want %s", mounted, want)
	}
	source := asList(documents(t, "grafana/provisioning/datasources/prometheus.yml")[0]["datasources"])[0]
	if host, _, _ := strings.Cut(strings.TrimPrefix(word(at(source, "url")), "http://"), ":"); services[host] == nil {
		t.Errorf("Grafana asks %s, which is no service", host)
	}
}

func TestTheSimulatorsReceiptsArriveAndStayHere(t *testing.T) {
	t.Parallel()
	stack, settings := documents(t, "compose.yaml")[0], documents(t, "compose/cascade.yaml")[0]
	account := asObject(at(settings, "accounts", "qlara"))
	args := words(at(stack, "services", "simulator", "command"))
	if want := "http://api:8080/callbacks/qlara/" + word(account["callback_secret"]); args[slices.Index(args, "--callbacks")+1] != want {
		t.Errorf("the simulator posts to %q, want %s", args, want)
	}
	if account["base_url"] != "http://simulator:9090/api" {
		t.Errorf("the rehearsal sends to %v", account["base_url"])
	}
}
