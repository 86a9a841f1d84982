package api_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// fails takes a message to its end as failed, over every leg, for this reason.
func (h *house) fails(id campaign.MessageID, reason string) {
	h.t.Helper()
	for leg := range 3 {
		attempt := h.waitOn(id, leg)
		e := fallback.Event{Kind: fallback.OnUndelivered, Attempt: attempt, End: fallback.Undelivered, Reason: reason}
		if _, err := h.door.Advance(h.t.Context(), time.Now(), fallback.Order{ID: id, Event: e}); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *house) retry(body string) (a api.RetryAnswer) {
	h.t.Helper()
	h.want("retry", h.post("/v1/campaigns/spring/retry", operator, body), 200).into(h.t, &a)
	if a.AsOf.IsZero() {
		h.t.Errorf("a retry does not say of when it is: %+v", a)
	}
	a.AsOf = time.Time{} // the rest is compared
	return a
}

func TestRetry(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(6)
	for i, reason := range []string{"absent", "absent", "blocked", "blocked"} {
		h.fails(h.message(i), reason)
	}
	late := h.message(3)
	if _, err := h.door.Advance(t.Context(), time.Now(), fallback.Order{ID: late, Event: fallback.Event{Kind: fallback.OnDelivered, Attempt: late.Attempt(0, 0)}}); err != nil {
		t.Fatal(err)
	}
	h.judge(h.record(h.message(4)), fallback.OnTooLate)
	if got := h.retry(`{"dry_run": true}`); got != (api.RetryAnswer{Retried: 4, Late: 1}) {
		t.Errorf("a dry run: %+v", got)
	}
	h.want("others than were shown", h.post("/v1/campaigns/spring/retry", operator, `{"expect": 3}`), 409)
	h.want("of before anything", h.post("/v1/campaigns/spring/retry", operator, `{"expect": 4, "as_of": "2020-01-01T00:00:00Z"}`), 409)
	if got := h.retry(`{"dry_run": true}`); got != (api.RetryAnswer{Retried: 4, Late: 1}) {
		t.Errorf("after what was refused: %+v", got)
	}
	if got := h.retry(`{"phases": ["failed"], "reasons": ["absent"], "expect": 2, "reason": "the provider was down"}`); got != (api.RetryAnswer{Retried: 2}) {
		t.Errorf("the absent: %+v", got)
	}
	for i, want := range []fallback.State{{Phase: fallback.Scheduled, Try: 1}, {Phase: fallback.Scheduled, Try: 1}} {
		if got := h.record(h.message(i)).State; got.Phase != want.Phase || got.Leg != 0 || got.Try != want.Try {
			t.Errorf("message %d is %s", i, got)
		}
	}
	if got := h.retry(""); got != (api.RetryAnswer{Retried: 2, Late: 1}) {
		t.Errorf("the rest: %+v", got)
	}
	if got := h.retry(""); got != (api.RetryAnswer{Late: 1}) {
		t.Errorf("once more: %+v", got)
	}
	if problems, err := h.Audit(t.Context(), late.Number()); err != nil || len(problems) > 0 {
		t.Errorf("the books do not balance: %v %v", problems, err)
	}
	var p api.Problem
	h.want("other phases", h.post("/v1/campaigns/spring/retry", operator, `{"phases": ["failed", "delivered", "x"]}`), 422).into(t, &p)
	if len(p.Faults) != 2 || p.Faults[0].Pointer != "#/phases/1" {
		t.Errorf("other phases: %+v", p)
	}
	h.want("cancel", h.post("/v1/campaigns/spring/cancel", operator, ""), 200)
	h.want("of a cancelled campaign", h.post("/v1/campaigns/spring/retry", operator, ""), 409)
}

func TestOneSwitchStopsEverything(t *testing.T) {
	t.Parallel()
	h := open(t)
	paused := func() (names []string) {
		var all api.LaneList
		h.want("lanes", h.get("/v1/lanes", viewer), 200).into(t, &all)
		for _, l := range all.Lanes {
			if l.State == api.LanePaused {
				names = append(names, l.Name+": "+l.Reason)
			}
		}
		return names
	}
	h.want("a lane", h.post("/v1/lanes/qlara.sms/pause", operator, `{"reason": "lane"}`), 200)
	h.want("an account", h.post("/v1/accounts/qlara/pause", operator, `{"reason": "account"}`), 200)
	h.want("everything", h.post("/v1/stop", operator, `{"reason": "stop"}`), 200)
	for _, step := range []struct {
		path string
		want []string
	}{
		{"/v1/lanes/qlara.rcs/resume", []string{"qlara.whatsapp: stop", "qlara.rcs: stop", "qlara.sms: stop"}},
		{"/v1/resume", []string{"qlara.whatsapp: account", "qlara.rcs: account", "qlara.sms: account"}},
		{"/v1/accounts/qlara/resume", []string{"qlara.sms: lane"}},
		{"/v1/lanes/qlara.sms/resume", nil},
	} {
		h.want(step.path, h.post(step.path, operator, ""), 200)
		if got := paused(); !slices.Equal(got, step.want) {
			t.Errorf("after %s: %q, want %q", step.path, got, step.want)
		}
	}
	h.want("no account", h.post("/v1/accounts/none/pause", operator, ""), 404)
}

func TestTheJournalTellsWhoDidWhatAndWhy(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	h.want("pause", h.post("/v1/campaigns/spring/pause", operator, `{"reason": "wrong text"}`), 200)
	h.want("pause as a viewer", h.post("/v1/campaigns/spring/pause", viewer, ""), 403)
	h.want("start of nothing", h.post("/v1/campaigns/none/start", operator, ""), 404)
	h.standing()
	h.messages(order(1, "a"), 200)
	for range 2 {
		h.want("stop", h.keyed("/v1/stop", admin, "once", "", `{"reason": "fire"}`), 200)
	}
	h.want("resume", h.post("/v1/campaigns/spring/resume", operator, ""), 200)
	h.fails(h.message(0), "absent")
	h.want("retry", h.post("/v1/campaigns/spring/retry", operator, ""), 200)
	var told []string
	for before, pages := "", 0; ; pages++ {
		var page api.DeedList
		h.want("audit", h.get("/v1/audit?limit=3&before="+before, viewer), 200).into(t, &page)
		for _, d := range page.Deeds {
			told = append(told, strings.Join([]string{d.By, d.Role, d.What, d.About, d.Why}, "|"))
			if d.At.IsZero() || d.Request == "" || strings.Contains(d.What, "retry") && (d.Touched == nil || *d.Touched != 1) {
				t.Errorf("a deed lacks something: %+v", d)
			}
		}
		if before = page.Next; before == "" || pages > 9 {
			break
		}
	}
	want := []string{
		"crm|operator|POST /v1/campaigns/{id}/retry|spring|",
		"crm|operator|POST /v1/campaigns/{id}/resume|spring|",
		"root|admin|POST /v1/stop||fire",
		"crm|operator|POST /v1/campaigns/{id}/start|orders|",
		"crm|operator|POST /v1/campaigns|orders|",
		"crm|operator|POST /v1/campaigns/{id}/pause|spring|wrong text",
		"crm|operator|POST /v1/campaigns/{id}/start|spring|",
		"crm|operator|POST /v1/campaigns/{id}/recipients|spring|",
		"crm|operator|POST /v1/campaigns|spring|",
	}
	if !slices.Equal(told, want) {
		t.Errorf("the journal tells\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
	h.want("a strange page", h.get("/v1/audit?before=x", viewer), 400)
	for query, want := range map[string]int{"by=root": 1, "by=crm": 8, "about=orders": 2, "what=pause": 1, "what=RESUME&about=spring": 1, "by=crm&about=spring&limit=2": 2, "by=nobody": 0} {
		var page api.DeedList
		h.want(query, h.get("/v1/audit?"+query, viewer), 200).into(t, &page)
		if len(page.Deeds) != want || (page.Next != "") != strings.Contains(query, "limit") {
			t.Errorf("%s: %d deeds, next %q; want %d", query, len(page.Deeds), page.Next, want)
		}
	}
}
