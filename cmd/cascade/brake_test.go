package main

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

// When credit was topped up and the lane resumed, receipts of what was sent before still
// say that there is none. They stop nothing; those of what is sent since do.
func TestReceiptsFromBeforeAResumeStopNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, simulator.Scenario{})
	cfg, err := config.Load(r.config, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	h := r.house(cfg, store.HearingRules{})
	lane, desk := campaign.Lane{Account: "qlara", Channel: campaign.WhatsApp}, laneDesk{h}
	stop := func(requested time.Time) api.Lane {
		t.Helper()
		if err := (brake{h}).Misconfigured(t.Context(), lane, true, requested, "no credit left. To mend it: top it up"); err != nil {
			t.Fatal(err)
		}
		lanes, err := desk.Lanes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lanes {
			if l.Name == lane.String() {
				return l
			}
		}
		t.Fatal("the lane is gone")
		return api.Lane{}
	}
	sent := time.Now()
	if l := stop(sent); l.State != api.LanePaused || l.Scope != "account qlara" || !strings.Contains(l.Reason, "top it up") {
		t.Errorf("the first run of such receipts leaves the lane %+v, want its account paused", l)
	}
	if err := desk.Resume(t.Context(), campaign.Lane{Account: lane.Account}, "test"); err != nil {
		t.Fatal(err)
	}
	if l := stop(sent); l.State == api.LanePaused {
		t.Errorf("receipts from before the resume paused it: %+v", l)
	}
	if l := stop(time.Now().Add(time.Second)); l.State != api.LanePaused {
		t.Errorf("receipts of what was sent since leave it %+v, want it paused", l)
	}
}
