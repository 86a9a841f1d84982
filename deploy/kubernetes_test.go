package deploy

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/metrics"
)

// kustomizations are the folders of the base and of its components.
var kustomizations = []string{"kubernetes", "kubernetes/monitoring", "kubernetes/autoscaling"}

func TestKustomizationsListEveryFile(t *testing.T) {
	t.Parallel()
	for _, folder := range kustomizations {
		k := documents(t, filepath.Join(folder, "kustomization.yaml"))[0]
		listed := append(words(k["resources"]), "kustomization.yaml")
		for _, generator := range asList(k["configMapGenerator"]) {
			listed = append(listed, words(at(generator, "files"))...)
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		var there []string
		for _, e := range entries {
			if !e.IsDir() {
				there = append(there, e.Name())
			}
		}
		slices.Sort(listed)
		if !slices.Equal(listed, there) {
			t.Errorf("%s lists %q, and has %q", folder, listed, there)
		}
	}
}

// manifests are all objects by kind and name.
func manifests(t *testing.T) map[string]object {
	t.Helper()
	all := map[string]object{}
	for _, folder := range kustomizations {
		for _, file := range words(documents(t, filepath.Join(folder, "kustomization.yaml"))[0]["resources"]) {
			for _, o := range documents(t, filepath.Join(folder, file)) {
				all[word(o["kind"])+"/"+word(at(o, "metadata", "name"))] = o
			}
		}
	}
	return all
}

func TestSelectorsMatch(t *testing.T) {
	t.Parallel()
	all := manifests(t)
	pods := map[string]object{} // labels of each deployment's pods
	for name, o := range all {
		if o["kind"] == "Deployment" {
			pods[name] = asObject(at(o, "spec", "template", "metadata", "labels"))
		}
	}
	for name, o := range all {
		for _, way := range [][]string{{"selector", "matchLabels"}, {"podSelector", "matchLabels"}, {"selector"}} {
			selector := asObject(at(o["spec"], way...))
			if _, nested := selector["matchLabels"]; len(selector) == 0 || nested {
				continue
			}
			if !slices.ContainsFunc(slices.Collect(maps.Values(pods)), func(labels object) bool { return within(selector, labels) }) {
				t.Errorf("%s selects %v, and no pod has that: %v", name, selector, pods)
			}
		}
	}
	for _, role := range []string{"api", "scheduler", "worker"} {
		budget := asObject(at(all["PodDisruptionBudget/cascade-"+role], "spec", "selector", "matchLabels"))
		if len(budget) == 0 || !within(budget, pods["Deployment/cascade-"+role]) {
			t.Errorf("the budget of %s is for %v", role, budget)
		}
	}
	if scaled := word(at(all["ScaledObject/cascade-worker"], "spec", "scaleTargetRef", "name")); all["Deployment/"+scaled] == nil {
		t.Errorf("%q is scaled, which is no deployment", scaled)
	}
}

var metric = regexp.MustCompile(`cascade_[a-z_]+`)

func TestWorkersAreScaledOnMetricsThatThereAre(t *testing.T) {
	t.Parallel()
	trigger := asList(at(manifests(t)["ScaledObject/cascade-worker"], "spec", "triggers"))[0]
	asked := metric.FindAllString(word(at(trigger, "metadata", "query")), -1)
	if len(asked) == 0 {
		t.Error("the query asks for no metric of Cascade's")
	}
	for _, name := range asked {
		if !slices.ContainsFunc(metrics.Catalogue(), func(m metrics.Metric) bool { return m.Name == name }) {
			t.Errorf("workers are scaled on %s, which is no metric of Cascade's", name)
		}
	}
}

func within(selector, labels object) bool {
	for name, value := range selector {
		if labels[name] != value {
			return false
		}
	}
	return true
}

func TestPodsRunCascade(t *testing.T) {
	t.Parallel()
	variables := variables(t, "kubernetes/cascade.yaml")
	checked(t, "kubernetes/cascade.yaml", variables)
	for name, o := range manifests(t) {
		if o["kind"] == "Deployment" {
			aPod(t, name, asObject(at(o, "spec", "template", "spec")))
		}
	}
}

func aPod(t *testing.T, name string, pod object) {
	t.Helper()
	container := asObject(asList(pod["containers"])[0])
	args := words(container["args"])
	understood(t, name, args)
	if role := args[slices.Index(args, "--roles")+1]; name != "Deployment/cascade-"+role {
		t.Errorf("%s runs the role %s", name, role)
	}
	env := map[string]string{}
	for _, e := range asList(container["env"]) {
		env[word(at(e, "name"))] = word(at(e, "value"))
	}
	known(t, name, slices.Collect(maps.Keys(env))...)
	ports := map[string]uint64{}
	for _, p := range asList(container["ports"]) {
		ports[word(at(p, "name"))], _ = at(p, "containerPort").(uint64)
	}
	if env["CASCADE_METRICS_LISTEN"] != ":9464" || ports["metrics"] != 9464 {
		t.Errorf("%s listens at %s for those who watch, and says %v", name, env["CASCADE_METRICS_LISTEN"], ports)
	}
	described := string(text(t, "../docs/openapi.json"))
	for _, probe := range []string{"livenessProbe", "readinessProbe"} {
		path, port := word(at(container, probe, "httpGet", "path")), word(at(container, probe, "httpGet", "port"))
		if !strings.Contains(described, `"`+path+`": {`) || ports[port] == 0 {
			t.Errorf("%s: the %s asks for %q at %q", name, probe, path, port)
		}
	}
	mounted := map[string]string{}
	for _, m := range asList(container["volumeMounts"]) {
		mounted[word(at(m, "name"))] = word(at(m, "mountPath"))
	}
	for _, v := range asList(pod["volumes"]) {
		if mounted[word(at(v, "name"))] == "" {
			t.Errorf("%s does not mount %v", name, v)
		}
	}
	if mounted["secrets"] != env["CASCADE_SECRETS"] || !strings.HasPrefix(args[slices.Index(args, "--config")+1], mounted["config"]+"/cascade.yaml") {
		t.Errorf("%s looks for its files elsewhere than in %v", name, mounted)
	}
	if at(container, "securityContext", "readOnlyRootFilesystem") != true || at(pod, "securityContext", "runAsNonRoot") != true {
		t.Errorf("%s may be root, or write to its root", name)
	}
}
