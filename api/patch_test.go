package api_test

import (
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store"
	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestThePaceChangesWhileACampaignRuns(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	h := openOn(t, client)
	h.running(1)
	other, err := store.New(t.Context(), store.Options{Client: client}) // another process
	if err != nil {
		t.Fatal(err)
	}
	number := h.IDKey().Number("spring")
	pace := func(s *store.Store) (limits []campaign.Limit, window bool) {
		c, err := s.Campaign(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		return c.Throttle, c.Window != nil
	}
	if limits, window := pace(other); len(limits) != 0 || window {
		t.Fatalf("before: %v, window %t", limits, window)
	}
	patch := func(what, body string, want int) answer {
		return h.want(what, h.do("PATCH", "/v1/campaigns/spring", operator, jsonType, body), want)
	}
	var c campaign.Campaign
	patch("both", `{"throttle": ["5/1s", "100/1m"], "window": {"from": "09:00", "to": "21:00", "zone": "Europe/Rome"}, "reason": "the call centre is full"}`, 200).into(t, &c)
	if len(c.Throttle) != 2 || c.Window == nil {
		t.Errorf("the answer: %+v", c)
	}
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for who, s := range map[string]*store.Store{"this process": h.Store, "another": other} {
		if limits, window := pace(s); len(limits) != 2 || limits[0] != (campaign.Limit{N: 5, Window: time.Second}) || !window {
			t.Errorf("%s: %v, window %t", who, limits, window)
		}
	}
	patch("no window", `{"window": null}`, 200)
	later, err := store.New(t.Context(), store.Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	if limits, window := pace(later); len(limits) != 2 || window {
		t.Errorf("a process that begins later: %v, window %t", limits, window)
	}
	h.want("the same campaign again", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 200)
	for _, body := range []string{`{"throttle": ["fast"]}`, `{"route": []}`, `{"window": {"from": "x"}}`} {
		var p api.Problem
		if patch(body, body, 422).into(t, &p); len(p.Faults) == 0 || p.Faults[0].Pointer == "" {
			t.Errorf("%s: %+v, want a pointer", body, p)
		}
	}
	patch("nothing", `{}`, 400)
	var list api.DeedList
	h.want("audit", h.get("/v1/audit", viewer), 200).into(t, &list)
	if d := list.Deeds[2]; d.What != "PATCH /v1/campaigns/{id}" || d.Why != "the call centre is full" {
		t.Errorf("the journal: %+v", list.Deeds)
	}
	h.want("cancel", h.post("/v1/campaigns/spring/cancel", operator, ""), 200)
	patch("when it is cancelled", `{"throttle": null}`, 409)
}
