package store

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestWhatStandsInLine(t *testing.T) {
	each(t, standsInLine)
}

func TestWhatStandsInLineOnACluster(t *testing.T) {
	standsInLine(t, open(t, redistest.Cluster(t).Client(t)))
}

func standsInLine(t *testing.T, h *house) {
	ctx := t.Context()
	if found, err := h.Standings(ctx); err != nil || len(found) != 0 {
		t.Fatalf("of a campaign without people: %+v, %v", found, err)
	}
	later := people(40)
	for i := 30; i < 40; i++ {
		at := time.Now().Add(time.Hour)
		later.rows[i].Due = at
	}
	h.load(later)
	must(t, h.Start(ctx, "spring", "me"))
	h.tell(0, fallback.OnTurn) // it stands on the clock now
	_, err := h.Pause(ctx, "spring", "me", "")
	must(t, err)
	found, err := h.Standings(ctx)
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d lines, want one: %+v", len(found), found)
	}
	got, lane := found[0], campaign.Lane{Account: "a", Channel: campaign.WhatsApp}
	if got.Campaign.ID != "spring" || got.State != Paused || got.Lane() != lane || got.Messages != 39 || got.Due != 29 {
		t.Errorf("got %s %s on %s: %d, due %d; want spring paused on %s: 39, due 29", got.Campaign.ID, got.State, got.Lane(), got.Messages, got.Due, lane)
	}
	if since := time.Since(got.First); since < 0 || since > time.Minute {
		t.Errorf("the first was due %s ago", since)
	}
}
