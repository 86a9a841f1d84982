package api_test

import (
	"flag"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
)

var update = flag.Bool("update", false, "write docs/openapi.json anew")

// TestTheDocumentIsKept holds the committed document against what is served.
func TestTheDocumentIsKept(t *testing.T) {
	t.Parallel()
	const path = "../docs/openapi.json"
	h := open(t)
	got := h.want("the document", h.get("/openapi.json", ""), 200).body
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != got {
		t.Errorf("%s is not what is served: go test ./api -run TestTheDocumentIsKept -update", path)
	}
}

type document struct {
	Paths map[string]map[string]struct {
		Name       string `json:"operationId"`
		Role       string `json:"x-role"`
		Parameters []struct{ Name, In string }
		Responses  map[string]any
	}
	Components map[string]map[string]any
}

// TestEveryRouteIsDescribed asks for each row of the router's table in the document, and
// for nothing else.
func TestEveryRouteIsDescribed(t *testing.T) {
	t.Parallel()
	h := open(t)
	var d document
	h.get("/openapi.json", "").into(t, &d)
	left, names := 0, map[string]bool{}
	for _, ops := range d.Paths {
		left += len(ops)
	}
	for _, route := range api.Routes() {
		op, there := d.Paths[strings.TrimSuffix(route.Path, "{$}")][strings.ToLower(route.Method)]
		if !there || op.Role != route.Role.String() || len(op.Responses) == 0 || names[op.Name] {
			t.Errorf("%s %s for %s: described as %+v, there %v; its name must be its own", route.Method, route.Path, route.Role, op, there)
		}
		left, names[op.Name] = left-1, true
		for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(route.Path, -1) {
			if !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.Name == name[1] && p.In == "path" }) {
				t.Errorf("%s %s: the parameter %s is not described", route.Method, route.Path, name[1])
			}
		}
	}
	if left != 0 {
		t.Errorf("%d operations are described and are no routes", left)
	}
	if n := len(api.Operations()); n != len(api.Routes()) {
		t.Errorf("%d operations are told of %d routes", n, len(api.Routes()))
	}
}

// TestReferencesLeadSomewhere follows every reference.
func TestReferencesLeadSomewhere(t *testing.T) {
	t.Parallel()
	h := open(t)
	var d document
	text := h.get("/openapi.json", "")
	text.into(t, &d)
	seen := map[string]bool{}
	for _, ref := range regexp.MustCompile(`"\$ref": "#/components/(\w+)/([\w.-]+)"`).FindAllStringSubmatch(text.body, -1) {
		if seen[ref[2]] = true; d.Components[ref[1]][ref[2]] == nil {
			t.Errorf("nothing stands behind the reference to %s", ref[2])
		}
	}
	for _, part := range []string{"schemas", "responses"} {
		for _, name := range slices.Sorted(maps.Keys(d.Components[part])) {
			if !seen[name] {
				t.Errorf("nothing refers to %s", name)
			}
		}
	}
}

// TestAnswersAreAsDescribed compares what is really answered with the schemas.
func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(2)
	var d struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
				Required   []string
			}
		}
	}
	h.get("/openapi.json", "").into(t, &d)
	for path, name := range map[string]string{
		"/v1/campaigns/spring":                  "Report",
		"/v1/campaigns":                         "CampaignList",
		"/v1/messages/" + h.message(0).String(): "Story",
		"/v1/lanes":                             "LaneList",
		"/v1/queues":                            "QueueList",
		"/v1/workers":                           "WorkerList",
		"/v1/audit":                             "DeedList",
		"/v1/campaigns/none":                    "Problem",
		"/livez":                                "Health",
	} {
		var got map[string]any
		h.get(path, admin).into(t, &got)
		want := d.Components.Schemas[name]
		for key := range got {
			if want.Properties[key] == nil {
				t.Errorf("%s answers %q, which %s has not", path, key, name)
			}
		}
		for _, key := range want.Required {
			if _, there := got[key]; !there {
				t.Errorf("%s does not answer %q, which %s always has", path, key, name)
			}
		}
	}
}
