package api_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

func TestACampaignsLife(t *testing.T) {
	t.Parallel()
	h := open(t)
	created := h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	if got := created.header.Get("Location"); got != "/v1/campaigns/spring" {
		t.Errorf("Location is %q", got)
	}
	h.want("start without recipients", h.post("/v1/campaigns/spring/start", operator, ""), 409)
	var imported campaign.ImportReport
	file := people(3) + "not a number;Bob\n;\n"
	h.want("import", h.do("POST", "/v1/campaigns/spring/recipients", operator, "text/csv; charset=utf-8", file), 200).into(t, &imported)
	if imported.Accepted != 3 || imported.Rejected != 1 || imported.Blank != 1 || imported.Reasons[campaign.InvalidNumber] != 1 {
		t.Errorf("the import said %+v", imported)
	}
	h.want("import again", h.do("POST", "/v1/campaigns/spring/recipients", operator, "text/csv", file), 200).into(t, &imported)
	if imported.Accepted != 0 || imported.AlreadyThere != 3 {
		t.Errorf("the same file again said %+v, want 3 already there", imported)
	}
	h.want("start", h.post("/v1/campaigns/spring/start", operator, ""), 200)
	h.waitOn(h.message(0), 0)
	h.judge(h.record(h.message(1)), fallback.OnTurn)
	r := h.record(h.message(1))
	if _, err := h.door.Advance(t.Context(), r.Time, fallback.Order{ID: r.ID, Event: fallback.Event{Kind: fallback.OnClaim, Attempt: r.Attempt(), Mark: r.State.Ticket}}); err != nil {
		t.Fatal(err)
	}
	if got := h.want("pause", h.post("/v1/campaigns/spring/pause", operator, `{"reason":"wrong text"}`), 200).body; strings.TrimSpace(got) != `{"state":"paused","in_flight":1}` {
		t.Errorf("pause answered %s", got)
	}
	if got := h.summary("spring"); got.State != "paused" || got.Reason != "paused by crm: wrong text" || got.Accepted != 3 {
		t.Errorf("paused: %+v", got)
	}
	if got := h.want("resume", h.post("/v1/campaigns/spring/resume", operator, ""), 200).body; strings.TrimSpace(got) != `{"state":"running"}` {
		t.Errorf("resume answered %s", got)
	}
	if got := h.summary("spring"); got.Reason != "sending" {
		t.Errorf("the reason is %q, want sending", got.Reason)
	}
	h.want("cancel", h.post("/v1/campaigns/spring/cancel", operator, ""), 200)
	h.want("resume after cancel", h.post("/v1/campaigns/spring/resume", operator, ""), 409)
	if got := h.summary("spring"); got.State != "cancelled" || got.Reason != "cancelled by crm" {
		t.Errorf("cancelled: %+v", got)
	}
}

// summary is a campaign's summary as it is answered.
type summary struct {
	campaign.Summary
	Reason string `json:"reason"`
}

func (h *house) summary(id string) (s summary) {
	h.t.Helper()
	h.want("show", h.get("/v1/campaigns/"+id, viewer), 200).into(h.t, &s)
	sum := 0
	for _, n := range s.Counts {
		sum += n
	}
	if sum != s.Accepted {
		h.t.Errorf("accepted is %d, the sum of the phases %d", s.Accepted, sum)
	}
	return s
}

func TestTheSameCampaignAgain(t *testing.T) {
	t.Parallel()
	h := open(t)
	create := func(contentType, body string) answer {
		return h.do("POST", "/v1/campaigns", operator, contentType, body)
	}
	h.want("create", create("application/yaml", spring), 201)
	h.want("create again", create("text/yaml", "# the same\n"+spring), 200)
	c, err := campaign.ParseFile("spring", []byte(spring), nil)
	if err != nil {
		t.Fatal(err)
	}
	h.want("the same as JSON", create("application/json", string(c.Canonical())), 200)
	var p api.Problem
	h.want("another", create("application/yaml", strings.Replace(spring, "15m", "20m", 1)), 409).into(t, &p)
	if want := `route[1].wait: was "15m", is "20m"`; p.Type != "urn:cascade:problem:different-campaign" || !slices.Contains(p.Differences, want) {
		t.Errorf("another content: %+v, want the difference %s", p, want)
	}
	var list struct{ Campaigns []summary }
	h.want("list", h.get("/v1/campaigns", viewer), 200).into(t, &list)
	if len(list.Campaigns) != 1 || list.Campaigns[0].Campaign != "spring" || list.Campaigns[0].Reason != "it has no recipients yet: import them" {
		t.Errorf("the list is %+v", list)
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var p api.Problem
	body := "campaign: x\nexpires: soon\nroute:\n  - {channel: fax, account: qlara, wait: 1h, text: hello}\n  - {channel: sms, account: qlara, wait: never, text: hello}\n"
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", body), 422).into(t, &p)
	var pointers []string
	for _, f := range p.Faults {
		if f.Line == 0 || f.Detail == "" {
			t.Errorf("the fault %+v lacks its line or its text", f)
		}
		pointers = append(pointers, f.Pointer)
	}
	if want := []string{"#/expires", "#/route/0/channel", "#/route/1/wait"}; !slices.Equal(pointers, want) {
		t.Errorf("faults at %q, want %q", pointers, want)
	}
	for _, id := range []string{"a/b", "100 %"} {
		h.want(id, h.do("POST", "/v1/campaigns", operator, "application/yaml", strings.Replace(spring, "spring", "'"+id+"'", 1)), 201)
	}
	if got := h.summary("a%2Fb"); got.Campaign != "a/b" {
		t.Errorf("a%%2Fb is %q", got.Campaign)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	tests := []struct {
		what, method, path, contentType, body string
		want                                  int
	}{
		{"a campaign of no type", "POST", "/v1/campaigns", "", spring, 415},
		{"a campaign too large", "POST", "/v1/campaigns", "application/yaml", strings.Repeat("#", 1<<20+1), 413},
		{"no campaign", "GET", "/v1/campaigns/winter", "", "", 404},
		{"recipients of no campaign", "POST", "/v1/campaigns/winter/recipients", "text/csv", people(1), 404},
		{"recipients of another type", "POST", "/v1/campaigns/spring/recipients", "application/json", "[]", 415},
		{"no CSV", "POST", "/v1/campaigns/spring/recipients", "text/csv", "PK\x03\x04", 422},
		{"no such column", "POST", "/v1/campaigns/spring/recipients", "text/csv", "a;b\n1;2\n", 422},
		{"an order with an unknown word", "POST", "/v1/campaigns/spring/pause", "", `{"because":"x"}`, 400},
		{"an order too large", "POST", "/v1/campaigns/spring/pause", "", `{"reason":"` + strings.Repeat("x", 5000) + `"}`, 413},
		{"a format that there is not", "GET", "/v1/campaigns/spring/export?format=xml", "", "", 400},
		{"no message", "GET", "/v1/messages/" + h.IDKey().Message("spring", "+393401111111", "").String(), "", "", 404},
		{"a message of no campaign", "GET", "/v1/messages/" + h.IDKey().Message("winter", "+393401111111", "").String(), "", "", 404},
		{"no id", "GET", "/v1/messages/17", "", "", 404},
		{"no lane", "POST", "/v1/lanes/qlara.fax/pause", "", "", 404},
		{"a lane that is not there", "POST", "/v1/lanes/other.sms/pause", "", "", 404},
	}
	for _, test := range tests {
		got := h.want(test.what, h.do(test.method, test.path, admin, test.contentType, test.body), test.want)
		var p api.Problem
		if got.into(t, &p); p.Status != test.want || !strings.HasPrefix(p.Type, "urn:cascade:problem:") {
			t.Errorf("%s: %+v is no problem of status %d", test.what, p, test.want)
		}
	}
	if got := h.summary("spring"); got.State != "running" {
		t.Errorf("what was refused left the campaign %s", got.State)
	}
}

func TestAnUploadThatBreaksOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", spring), 201)
	for _, before := range []int{10, 60_000} { // within the look ahead, and within the import
		file := people(before)
		r, _ := http.NewRequest("POST", h.url+"/v1/campaigns/spring/recipients", io.MultiReader(strings.NewReader(file), broken{}))
		r.Header.Set("Authorization", "Bearer "+operator)
		r.Header.Set("Content-Type", "text/csv")
		if resp, err := http.DefaultClient.Do(r); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				t.Errorf("after %d rows the broken upload was answered 200", before)
			}
		}
	}
	if got := h.summary("spring").State; got != "draft" {
		t.Errorf("half a file left the campaign %s, want draft", got)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the line was cut") }

func TestLanes(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	var lane api.Lane
	h.want("pause", h.post("/v1/lanes/qlara.whatsapp/pause", operator, `{"reason":"template under review"}`), 200).into(t, &lane)
	if lane.State != api.LanePaused || lane.By != "crm" || lane.Reason != "template under review" {
		t.Errorf("the paused lane is %+v", lane)
	}
	if got, want := h.summary("spring").Reason, "qlara.whatsapp is paused by crm: template under review"; got != want {
		t.Errorf("the reason is %q, want %q", got, want)
	}
	h.want("resume", h.post("/v1/lanes/qlara.whatsapp/resume", operator, ""), 200)
	var all struct{ Lanes []api.Lane }
	h.want("list", h.get("/v1/lanes", viewer), 200).into(t, &all)
	if len(all.Lanes) != 3 || all.Lanes[0].State != api.LaneFree {
		t.Errorf("the lanes are %+v", all.Lanes)
	}
}

func TestAMessagesStory(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	attempt := h.waitOn(h.message(0), 0)
	h.want("undeliverable", h.callback(shape(t, "whatsapp-undeliverable-callback.json", "messageId", attempt.String())), 200)
	for _, id := range []string{h.message(0).String(), attempt.String()} {
		var story api.Story
		h.want("story", h.get("/v1/messages/"+id, viewer), 200).into(t, &story)
		if story.Message != h.message(0) || story.Row != 2 || story.Phase != "scheduled" || story.Channel != campaign.RCS || story.Reason != "undeliverable" || len(story.Attempts) != 1 {
			t.Errorf("the story of %s is %+v", id, story)
		}
		if !strings.Contains(story.Destination, "*") {
			t.Errorf("a viewer sees %s", story.Destination)
		}
		last := story.Sentences[len(story.Sentences)-1].Text
		if want := "It is in line for its time and turn on qlara.rcs."; last != want {
			t.Errorf("the story ends with %q, want %q", last, want)
		}
	}
	var story api.Story
	h.get("/v1/messages/"+attempt.String(), admin).into(t, &story)
	if story.Destination != person(0).E164() {
		t.Errorf("an admin sees %s, want the whole number", story.Destination)
	}
}
