package providertest

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// CheckSupports counts what an adapter finds wrong with a leg.
func CheckSupports(t *testing.T, name string, a interface{ Supports(campaign.Leg) []string }, leg campaign.Leg, wrong int) {
	t.Helper()
	if got := a.Supports(leg); len(got) != wrong {
		t.Errorf("%s: %d problems, want %d: %q", name, len(got), wrong, got)
	}
}

// CheckUnsendable asks that an attempt becomes no request, but this kind of outcome.
func CheckUnsendable(t *testing.T, name string, s provider.Sender, a campaign.Attempt, want provider.Kind) {
	t.Helper()
	got := s.Send(t.Context(), a, func() error { t.Errorf("%s: the gate was asked", name); return nil })
	reason := got.Reason
	got.Reason = ""
	if wanted := (provider.Outcome{Kind: want, Scope: provider.LaneScope}); got != wanted || reason == "" {
		t.Errorf("%s: %+v with reason %q, want %s of the lane, and why", name, got, reason, want)
	}
}
