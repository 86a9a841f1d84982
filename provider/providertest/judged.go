package providertest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// FuzzAnswer asks that whatever is answered to an attempt on any channel is judged: as
// one of the kinds, with a reason unless it is a yes. It begins with the documented
// answers, under several statuses.
func FuzzAnswer(f *testing.F, judge func(provider.Exchange, campaign.Attempt, []string) provider.Outcome, private ...string) {
	files, err := filepath.Glob("testdata/*-response.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d documented answers, error %v", len(files), err)
	}
	for _, file := range files {
		for _, status := range []int{200, 202, 400, 422, 429, 500} {
			f.Add(status, Example(f, strings.TrimSuffix(filepath.Base(file), ".json")))
		}
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 999 {
			t.Skip("no status that net/http lets through")
		}
		for _, channel := range campaign.Channels() {
			a := campaign.Attempt{ID: AttemptID, Channel: channel, To: "+393401234567"}
			got := judge(provider.Exchange{Written: true, Status: status, Body: body}, a, private)
			if got.Kind == 0 || got.Kind > provider.Misconfigured {
				t.Errorf("no kind: %+v", got)
			}
			if got.Kind == provider.Accepted && got.Reason != "" || got.Kind != provider.Accepted && got.Reason == "" {
				t.Errorf("kind %s with reason %q", got.Kind, got.Reason)
			}
			if digits.MatchString(got.Reason) || len(got.ProviderID) > 256 {
				t.Errorf("reason %q, id of %d bytes", got.Reason, len(got.ProviderID))
			}
		}
	})
}
