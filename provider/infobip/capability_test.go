package infobip

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

func TestWhoHasRCS(t *testing.T) {
	t.Parallel()
	documented, err := os.ReadFile("testdata/rcs-capability-response.json")
	if err != nil {
		t.Fatal(err)
	}
	people := []campaign.Destination{"+441134960001", "+441134960002"}
	for name, x := range map[string]struct {
		status int
		body   string
		clear  map[campaign.Destination]bool
		kind   provider.Kind
	}{
		"as documented":  {200, string(documented), map[campaign.Destination]bool{people[0]: true, people[1]: false}, provider.Accepted},
		"not clear":      {200, `{"capabilityCheckResults":[{"phoneNumber":"441134960001","code":"PROCESSING_ERROR"},{"phoneNumber":"441134960002","code":"NEW"}]}`, map[campaign.Destination]bool{}, provider.Accepted},
		"of others":      {200, `{"capabilityCheckResults":[{"phoneNumber":"441134960009","code":"UNREACHABLE"}]}`, map[campaign.Destination]bool{}, provider.Accepted},
		"too many":       {429, ``, nil, provider.Postponed},
		"not understood": {200, `[`, nil, provider.Unknown},
		"away":           {503, ``, nil, provider.Unknown},
	} {
		var path string
		var got capabilityRequest
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.Path
			body, _ := io.ReadAll(r.Body)
			_ = json.Unmarshal(body, &got)
			w.WriteHeader(x.status)
			_, _ = io.WriteString(w, x.body)
		}))
		p, err := New(account(server.URL), provider.NewClient(provider.ClientOptions{}))
		if err != nil {
			t.Fatal(err)
		}
		clear, outcome := p.Capable(t.Context(), campaign.RCS, people, func() error { return nil })
		server.Close()
		if diff := cmp.Diff(x.clear, clear); diff != "" || outcome.Kind != x.kind {
			t.Errorf("%s: %s, want %s; clear (-want +got):\n%s", name, outcome.Kind, x.kind, diff)
		}
		want := capabilityRequest{Sender: "DemoSender", PhoneNumbers: []string{"441134960001", "441134960002"}}
		if diff := cmp.Diff(want, got); diff != "" || path != "/rcs/2/capability-check/query" {
			t.Errorf("%s: asked at %s (-want +got):\n%s", name, path, diff)
		}
	}
}
