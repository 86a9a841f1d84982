package providertest

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// FuzzAnswer asks that whatever is answered to the attempts is judged: as one of the
// kinds, with a reason unless it is a yes. The seeds are the caller's: status and body.
func FuzzAnswer(f *testing.F, judge func(provider.Exchange, campaign.Attempt, []string) provider.Outcome, private []string, attempts ...campaign.Attempt) {
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 100 || status > 999 {
			t.Skip("no status that net/http lets through")
		}
		for _, a := range attempts {
			got := judge(provider.Exchange{Written: true, Status: status, Body: body}, a, private)
			if got.Kind == 0 || got.Kind > provider.Misconfigured {
				t.Errorf("no kind: %+v", got)
			}
			if got.Kind == provider.Accepted && got.Reason != "" || got.Kind != provider.Accepted && got.Reason == "" {
				t.Errorf("kind %s with reason %q", got.Kind, got.Reason)
			}
		}
	})
}
