package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/qlara"
)

// crew tells of queues and processes.
type crew struct {
	queues  []api.Queue
	workers []api.Worker
}

func (c *crew) Queues(context.Context) ([]api.Queue, error)   { return c.queues, nil }
func (c *crew) Workers(context.Context) ([]api.Worker, error) { return c.workers, nil }

func ago(d time.Duration) *time.Time { t := time.Now().Add(-d); return &t }

// shows fails the test unless a page holds all of these, and none of what follows "not ".
func (b *browser) shows(path string, all ...string) {
	b.t.Helper()
	page := b.page(path)
	for _, want := range all {
		if lacked, not := strings.CutPrefix(want, "not "); not && strings.Contains(page, lacked) {
			b.t.Errorf("%s shows %q:\n%s", path, lacked, page)
		} else if !not && !strings.Contains(page, want) {
			b.t.Errorf("%s lacks %q:\n%s", path, want, page)
		}
	}
}

func TestTheLanesPage(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) {
		s.api.Fleet = &crew{queues: []api.Queue{{Name: "qlara.whatsapp", Pending: 120, Active: 64, Lined: 9247, Due: 9000}}}
	})
	h.desk.set(func(lanes []api.Lane) {
		lanes[0].Limits, lanes[0].AccountLimits, lanes[0].Observed = []string{"80/1s"}, []string{"400/1s", "1000/1m"}, 79
		lanes[1].State, lanes[1].Reason, lanes[1].Since, lanes[1].Until = api.LaneHeld, "breaker", ago(time.Minute), ago(-time.Minute)
		lanes[2].State, lanes[2].Gentle, lanes[2].Unserved = api.LaneGentle, 8, true
	})
	h.as(viewer).shows("/lanes", "80/1s; account 400/1s, 1000/1m", "79", "state open", "state half-open", "at most 8 at a time", "No worker serves it.",
		"9\u202f247", "not Stop all sending", "not name=\"why\"")
	h.as(operator).shows("/lanes", "Stops 3 lanes at once", "184 jobs on the queues and 9\u202f000 due messages in line stay where they are",
		"Stop all sending on 3 lanes", "Pause the account qlara")
}

func TestALaneIsPausedWithAReason(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(operator)
	b.shows("/lanes/qlara.sms", "A request could start now.", "Pause qlara.sms")
	if got := b.post("/lanes/qlara.sms/pause", url.Values{"why": {" "}}); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "A reason is wanted") {
		t.Errorf("without a reason: %d\n%s", got.status, got.body)
	}
	b.shows("/lanes/qlara.sms", "A request could start now.")
	got := b.post("/lanes/qlara.sms/pause", url.Values{"why": {"wrong <b>sender</b>"}})
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/lanes/qlara.sms" {
		t.Fatalf("paused: %d to %s\n%s", got.status, got.header.Get("Location"), got.body)
	}
	b.eventually("/lanes/qlara.sms", "wrong &lt;b&gt;sender&lt;/b&gt;")
	b.shows("/lanes/qlara.sms", "Nothing starts here until somebody resumes it.", "by crm", "not <b>sender")
	b.shows("/audit", "/v1/lanes/{lane}/pause", "qlara.sms", "wrong &lt;b&gt;sender")
	b.post("/lanes/qlara.sms/resume", url.Values{"why": {"mended"}})
	b.eventually("/lanes/qlara.sms", "A request could start now.")
	if got := h.as(viewer).get("/lanes/qlara.fax"); got.status != http.StatusNotFound {
		t.Errorf("a lane that is not there: %d", got.status)
	}
}

// eventually waits until a page shows what was done: for a moment it shows what was read
// for others.
func (b *browser) eventually(path, want string) {
	b.t.Helper()
	deadline := time.After(10 * time.Second)
	for !strings.Contains(b.page(path), want) {
		select {
		case <-deadline:
			b.t.Fatalf("%s does not come to show %q:\n%s", path, want, b.page(path))
		case <-time.After(20 * time.Millisecond): // look again
		}
	}
}

func TestTheQueuesPageTellsOfTheLines(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) {
		s.api.Fleet = &crew{queues: []api.Queue{
			{Name: "qlara.whatsapp", Pending: 120, Active: 64, OldestSince: ago(1500 * time.Millisecond), Lined: 10_247, Due: 9000, DueSince: ago(3 * time.Minute),
				Lines: []api.Queued{{Campaign: "spring", State: "running", Leg: 1, Messages: 9247, Due: 9000, First: time.Now()}, {Campaign: "old", State: "paused", Leg: 2, Messages: 1000}}},
			{Name: "cascade.intake", Archived: 3, Paused: true},
		}}
	})
	h.as(viewer).shows("/queues", "look-ahead", "10\u202f247", "for 3m0s", `<a href="/campaigns/spring">`, "state paused", "cascade.intake", "paused by asynq's own means", "not asynq's own view")
}

func TestTheWorkersPage(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) {
		s.api.Fleet = &crew{workers: []api.Worker{
			{Name: "one-7-ABC", State: api.WorkerAlive, Roles: []string{"scheduler", "worker"}, Acts: true, Host: "one", PID: 7, Version: "v1.0.0", Since: *ago(time.Hour), InHand: 128, Seen: *ago(2 * time.Second)},
			{Name: "two-8-DEF", State: api.WorkerLost, Roles: []string{"worker"}, Host: "two", Seen: *ago(time.Minute), Since: *ago(time.Hour)},
		}}
	})
	h.as(viewer).shows("/workers", "one-7-ABC", "<b>acts</b>", "v1.0.0", "128", "1h0m", "two-8-DEF", "lost", "<b>1</b><span>with the role worker")
	next, leave := h.as(viewer).watch("/stream/workers")
	defer leave()
	if kind, data := next(); kind != "snapshot" || !strings.Contains(data, `data-live="workers"`) || !strings.Contains(data, "one-7-ABC") {
		t.Errorf("the stream says %s:\n%s", kind, data)
	}
}

func TestTheOverviewTellsOfQueuesAndWorkers(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) {
		s.api.Fleet = &crew{
			queues: []api.Queue{{Name: "qlara.whatsapp", Pending: 120, Active: 64, OldestSince: ago(time.Minute), Lined: 10_247, Due: 9000}, {Name: "qlara.sms", Pending: 3}},
			workers: []api.Worker{{Name: "one", State: api.WorkerAlive, Roles: []string{"api", "worker"}}, {Name: "two", State: api.WorkerAlive, Roles: []string{"worker"}},
				{Name: "three", State: api.WorkerLost, Roles: []string{"worker"}}},
		}
	})
	h.as(viewer).shows("/", "<b>123</b><span>jobs on the", "<b>1m0s</b>", "<b>64</b>", "9\u202f000", "10\u202f247",
		`<b>2</b><span>live as <a href="/workers">worker`, `<b>0</b><span>live as <a href="/workers">scheduler`, `state failed">1</span>`)
}

func TestSuppressionsBySearchAndForm(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(3)
	b := h.as(operator)
	do := func(path string, form url.Values, want ...string) {
		t.Helper()
		got := b.post(path, form)
		if got.status != http.StatusSeeOther || got.header.Get("Location") != "/suppressions" {
			t.Fatalf("%s: %d to %s\n%s", path, got.status, got.header.Get("Location"), got.body)
		}
		b.shows("/suppressions", append(want, "not "+person(0).E164()[3:])...)
	}
	numbers := url.Values{"numbers": {person(0).E164() + "\r\n" + person(1).E164()[3:]}, "region": {"IT"}}
	do("/suppressions/check", numbers, "Not suppressed, 2 people: …00, …01.")
	for _, path := range []string{"/suppressions/add", "/suppressions/remove"} {
		if got := b.post(path, numbers); got.status != http.StatusUnprocessableEntity {
			t.Errorf("%s without a reason: %d", path, got.status)
		}
	}
	numbers.Set("why", "asked by phone")
	do("/suppressions/add", numbers, "2 people suppressed", "Open messages that ended with it: 2.")
	do("/suppressions/check", numbers, "Suppressed, 2 people: …00, …01.")
	do("/suppressions/import", url.Values{"file": {person(1).E164() + "\n" + person(2).E164() + "\nno number\n"}, "why": {"from the old system"}},
		"1 person suppressed; there already 1, rejected 1", "Line 3:")
	do("/suppressions/import", url.Values{"file": {"nome;telefono\nAda;" + person(3).E164()}, "column": {"telefono"}, "why": {"from the shop"}}, "1 person suppressed")
	numbers.Set("why", "signed up again")
	do("/suppressions/remove", numbers, "2 people may be sent to again")
	got, err := h.Suppressed(t.Context(), person(0), person(1), person(2), person(3))
	if want := fmt.Sprint([]bool{false, false, true, true}); err != nil || fmt.Sprint(got) != want {
		t.Errorf("suppressed are %v, %v; want %s", got, err, want)
	}
	b.shows("/audit", "signed up again", "from the old system", "not "+person(0).E164()[3:])
	if wrong := b.post("/suppressions/check", url.Values{"numbers": {"12"}}); wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("no number at all: %d", wrong.status)
	}
	h.as(viewer).shows("/suppressions", "suppressed: <b>2</b>", "needs the role operator", "not textarea")
}

func TestTheJournalPageByPage(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i := range 70 {
		if err := h.Note(t.Context(), campaign.Deed{At: time.Now(), By: "crm", Role: "operator", What: "POST /v1/stop", Why: fmt.Sprintf("reason-%02d-", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Note(t.Context(), campaign.Deed{At: time.Now(), By: "root", Role: "admin", What: "POST /v1/resume", Why: "all is well"}); err != nil {
		t.Fatal(err)
	}
	b := h.as(viewer)
	b.shows("/audit", "all is well", "reason-69-", "not reason-20-", "earlier")
	b.shows("/audit?by=root", "all is well", "not reason-69-", "not earlier")
	b.shows("/audit?what=stop&by=crm", "not all is well", "reason-69-", "reason-20-", "not reason-19-")
	_, rest, _ := strings.Cut(b.page("/audit?what=stop&by=crm"), `<a href="?`)
	next, _, _ := strings.Cut(rest, `"`)
	b.shows("/audit?"+strings.ReplaceAll(next, "&amp;", "&"), "reason-19-", "reason-00-", "not reason-20-", "latest")
}

func TestAsynqsOwnViewIsBehindTheLogin(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) {
		s.web.Queues = func(allowed func(*http.Request) bool, refuse http.Handler) (http.Handler, error) {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if !allowed(r) {
					refuse.ServeHTTP(w, r)
					return
				}
				_, _ = w.Write([]byte("a view of " + r.URL.Path))
			}), nil
		}
	})
	if got := h.browser().get("/queues/servers"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/login?to=%2Fqueues%2Fservers" {
		t.Errorf("without a login: %d to %s", got.status, got.header.Get("Location"))
	}
	b := h.as(viewer)
	b.shows("/queues/servers", "a view of /queues/servers")
	b.shows("/queues", `<a href="/queues/">`)
	b.post("/logout", nil)
	if got := b.get("/queues/"); got.status != http.StatusSeeOther {
		t.Errorf("after the logout: %d", got.status)
	}
}

// fails takes a message to its end as failed, over every leg, for this reason.
func (h *house) fails(i int, reason string) {
	h.t.Helper()
	for range 3 {
		h.tell(i, fallback.OnTurn, fallback.OnClaim, fallback.OnAccepted)
		records, err := h.Load(h.t.Context(), []campaign.MessageID{h.message(i)})
		if err != nil {
			h.t.Fatal(err)
		}
		e := fallback.Event{Kind: fallback.OnUndelivered, Attempt: records[0].Attempt(), End: fallback.Undelivered, Reason: reason}
		if _, err := h.door.Advance(h.t.Context(), time.Now(), fallback.Order{ID: h.message(i), Event: e}); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestErrorCodesOfALane(t *testing.T) {
	t.Parallel()
	explained, err := qlara.New(qlara.Config{APIKey: provider.NewSecret("k"), SMS: &qlara.SMS{Sender: "Brand"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	h := open(t, func(s *settings) {
		s.api.Accounts = map[string]api.Account{"qlara": {Secrets: []provider.Secret{provider.NewSecret("a-secret-of-callbacks")}, Reporter: explained, Codes: explained}}
	})
	h.running(3)
	for i, reason := range []string{"status 6", "status 6", "status EXPIRED"} {
		h.fails(i, reason)
	}
	b := h.as(viewer)
	b.shows("/lanes/qlara.sms", `<a href="/lanes/qlara.sms/codes">`)
	b.shows("/lanes/qlara.sms/codes", "<code>status 6</code><td class=\"n\">2", "Qlara could not deliver it", "<code>status EXPIRED</code>", `<a href="/campaigns/spring/failures">`)
	b.shows("/lanes/qlara.rcs/codes", "<code>status 6</code><td class=\"n\">2")
	b.shows("/lanes/infobip.sms/codes", "No attempt on it came to nothing", "not <code>")
}
