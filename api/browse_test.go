package api_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/fallback"
)

// refuse has the provider refuse a message on its present leg.
func (h *house) refuse(i int) {
	h.t.Helper()
	id := h.message(i)
	for _, kind := range []fallback.EventKind{fallback.OnTurn, fallback.OnClaim, fallback.OnRefused} {
		r := h.record(id)
		if kind == fallback.OnTurn {
			h.judge(r, kind)
			continue
		}
		e := fallback.Event{Kind: kind, Attempt: r.Attempt(), Mark: r.State.Ticket, Reason: "not on this channel"}
		if results, err := h.door.Advance(h.t.Context(), h.record(id).Time, fallback.Order{ID: id, Event: e}); err != nil || !results[0].Moved() {
			h.t.Fatalf("%s of %s: %v", kind, r.State, err)
		}
	}
}

func TestTheFlowAddsUp(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(6)
	for range 3 {
		h.refuse(0) // on every leg: failed
	}
	h.waitOn(h.message(1), 1)
	h.refuse(2)
	h.waitOn(h.message(3), 0)
	var flow api.Flow
	h.want("flow", h.get("/v1/campaigns/spring/flow", viewer), 200).into(t, &flow)
	if len(flow.Flow) != 3 || flow.Accepted != 6 || flow.Flow[0].Came != 6 {
		t.Fatalf("the flow is %+v", flow)
	}
	want := []int{6, 3, 1}
	for i, leg := range flow.Flow {
		here := 0
		for _, n := range leg.Phases {
			here += n
		}
		if leg.Came != want[i] || leg.Came != here+leg.WentOn {
			t.Errorf("leg %d: came %d, want %d = %v + %d", i, leg.Came, want[i], leg.Phases, leg.WentOn)
		}
	}
	if e := flow.Flow[0].Escalated; e["refused"] != 2 || e["timed_out"] != 1 || flow.Flow[2].Phases["failed"] != 1 {
		t.Errorf("escalated %v, and on the last leg %v", e, flow.Flow[2].Phases)
	}
}

func TestMessagesPageByPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(23)
	for range 3 {
		h.refuse(4)
	}
	seen, pages := map[string]int{}, 0
	for after := ""; ; pages++ {
		var page api.MessagePage
		h.want("page", h.get("/v1/campaigns/spring/messages?limit=5&after="+url.QueryEscape(after), viewer), 200).into(t, &page)
		for _, m := range page.Messages {
			seen[m.Message.String()]++
			if !strings.Contains(m.Destination, "*") {
				t.Errorf("a viewer sees %s", m.Destination)
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 23 || pages != 4 || slices.Max(slices.Collect(maps.Values(seen))) != 1 {
		t.Errorf("%d pages of %d messages: %v", pages+1, len(seen), seen)
	}
	for query, want := range map[string]int{"phase=failed": 1, "phase=failed,scheduled": 23, "channel=sms": 1, "reason=not+on+this+channel": 1, "reason=another": 0, "phase=delivered": 0} {
		var page api.MessagePage
		if h.want(query, h.get("/v1/campaigns/spring/messages?"+query, admin), 200).into(t, &page); len(page.Messages) != want || page.Looked != 23 {
			t.Errorf("%s: %d messages after a look at %d", query, len(page.Messages), page.Looked)
		}
	}
	for _, query := range []string{"phase=nowhere", "channel=pigeon", "limit=0", "after=x", "after=1.2", "after=-1.0.0"} {
		h.want(query, h.get("/v1/campaigns/spring/messages?"+query, viewer), 400)
	}
}

func TestFailuresByReasonAreWhatARetryTakes(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(5)
	for i := range 2 {
		for range 3 {
			h.refuse(i)
		}
	}
	var found api.FailureList
	h.want("failures", h.get("/v1/campaigns/spring/failures", viewer), 200).into(t, &found)
	if found.Messages != 2 || len(found.Failures) != 1 || found.Failures[0].Messages != 2 || found.Failures[0].Reason != "not on this channel" {
		t.Fatalf("failed: %+v", found)
	}
	f := found.Failures[0]
	if a := found.Attempts; len(a) != 3 || a[0].Lane != "qlara.rcs" || a[0].Attempts != 2 || a[0].Reason != "not on this channel" {
		t.Errorf("attempts: %+v, want two on each lane", a)
	}
	var dry api.RetryAnswer
	order := fmt.Sprintf(`{"phases": [%q], "reasons": [%q], "dry_run": true}`, f.Phase, f.Reason)
	if h.want("dry run", h.post("/v1/campaigns/spring/retry", operator, order), 200).into(t, &dry); dry.Retried != 2 {
		t.Errorf("a retry would take %+v", dry)
	}
	var deeds api.DeedList
	h.want("audit", h.get("/v1/audit", viewer), 200).into(t, &deeds)
	for _, d := range deeds.Deeds {
		if strings.Contains(d.What, "retry") {
			t.Errorf("a dry run is in the journal: %+v", d)
		}
	}
}

func TestTheListOfCampaignsInPages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	for _, id := range []string{"Autumn", "winter", "summer"} {
		h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", strings.Replace(spring, "campaign: spring", "campaign: "+id, 1)), 201)
	}
	list := func(query string) (ids []string, next string) {
		var l api.CampaignList
		h.want(query, h.get("/v1/campaigns?"+query, viewer), 200).into(t, &l)
		for _, c := range l.Campaigns {
			ids = append(ids, c.Campaign)
		}
		return ids, l.Next
	}
	for query, want := range map[string]string{
		"": "[Autumn spring summer winter]", "state=running": "[spring]", "state=draft,running&q=UM": "[Autumn summer]", "limit=2": "[Autumn spring] spring",
		"limit=2&after=spring": "[summer winter]", "limit=1&state=draft": "[Autumn] Autumn", "limit=1&state=draft&after=Autumn": "[summer] summer",
	} {
		ids, next := list(query)
		if got := strings.TrimSpace(fmt.Sprint(ids, " ", next)); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	h.want("no such state", h.get("/v1/campaigns?state=lost", viewer), 400)
}

func TestTheFileAndTheImportsOfACampaign(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(2)
	if file := h.want("file", h.get("/v1/campaigns/spring/file", viewer), 200); !strings.Contains(file.body, `"Ciao {nome}"`) {
		t.Errorf("the file is %s", file.body)
	}
	var imports api.ImportList
	h.want("imports", h.get("/v1/campaigns/spring/imports", viewer), 200).into(t, &imports)
	if len(imports.Imports) != 1 || imports.Imports[0].Accepted != 2 {
		t.Errorf("the imports are %+v", imports)
	}
}
