package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

const jsonType = "application/json"

// about is a body that names people.
func about(more string, which ...int) string {
	list := make([]string, len(which))
	for i, n := range which {
		list[i] = fmt.Sprintf("%q", person(n).E164())
	}
	return fmt.Sprintf(`{"destinations": [%s]%s}`, strings.Join(list, ", "), more)
}

func (h *house) suppressed(which ...int) []bool {
	h.t.Helper()
	var a api.SuppressedAnswer
	h.want("check", h.do("POST", "/v1/suppressions/check", operator, jsonType, about("", which...)), 200).into(h.t, &a)
	return a.Suppressed
}

func TestASuppressionEndsWhatIsOpenAndCanBeTakenBack(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(3)
	h.waitOn(h.message(1), 1)
	var added api.SuppressAnswer
	h.want("add", h.do("POST", "/v1/suppressions", operator, jsonType, about(`, "reason": "by letter"`, 0, 1)), 200).into(t, &added)
	if added.Accepted != 2 || added.Ended != 2 {
		t.Errorf("added: %+v, want 2 people and 2 messages", added)
	}
	for i, want := range []fallback.Phase{fallback.Suppressed, fallback.Suppressed, fallback.Scheduled} {
		if got := h.record(h.message(i)).State.Phase; got != want {
			t.Errorf("message %d is %s, want %s", i, got, want)
		}
	}
	var again api.SuppressAnswer
	h.want("again", h.do("POST", "/v1/suppressions", operator, jsonType, about("", 0)), 200).into(t, &again)
	if again.AlreadyThere != 1 || again.Accepted != 0 || again.Ended != 0 {
		t.Errorf("again: %+v, want 1 already there", again)
	}
	if got := h.suppressed(0, 1, 2); !slices.Equal(got, []bool{true, true, false}) {
		t.Errorf("suppressed: %v", got)
	}
	h.want("removed without a reason", h.do("POST", "/v1/suppressions/remove", operator, jsonType, about("", 0)), 422)
	var removed api.AllowAnswer
	h.want("remove", h.do("POST", "/v1/suppressions/remove", operator, jsonType, about(`, "reason": "asked to come back"`, 0, 2)), 200).into(t, &removed)
	if removed != (api.AllowAnswer{Removed: 1, NotThere: 1}) {
		t.Errorf("removed: %+v", removed)
	}
	if got := h.suppressed(0, 1); !slices.Equal(got, []bool{false, true}) {
		t.Errorf("suppressed after that: %v", got)
	}
	h.told(`POST /v1/suppressions/remove crm "asked to come back" 1`, `POST /v1/suppressions crm "" 0`, `POST /v1/suppressions crm "by letter" 2`)
}

// told fails the test unless the journal begins with these, the latest first. It holds no
// number.
func (h *house) told(want ...string) {
	h.t.Helper()
	var list api.DeedList
	a := h.want("audit", h.get("/v1/audit", viewer), 200)
	a.into(h.t, &list)
	if strings.Contains(a.body, "39340") {
		h.t.Errorf("the journal holds a number:\n%s", a.body)
	}
	for i, line := range want {
		if len(list.Deeds) <= i || list.Deeds[i].Touched == nil {
			h.t.Fatalf("the journal lacks %s:\n%s", line, a.body)
		}
		if d := list.Deeds[i]; fmt.Sprintf("%s %s %q %d", d.What, d.By, d.Why, *d.Touched) != line {
			h.t.Errorf("deed %d is %+v, want %s", i, d, line)
		}
	}
}

func TestSuppressionsAreImported(t *testing.T) {
	t.Parallel()
	files := map[string]struct{ form, query, body string }{
		"CSV":    {"text/csv", "?region=IT&column=telefono&reason=old+list", "nome;telefono\nAda;340 1000000\nBob;none\n;\nEva;3401000001\nAda;340 1000000\n"},
		"NDJSON": {"application/x-ndjson", "?region=IT&reason=old+list", `{"destination": "340 1000000"}` + "\n" + `{"destination": "none"}` + "\n\n" + `{"destination": "3401000001"}` + "\n" + `{"destination": "340 1000000"}` + "\n"},
	}
	for name, f := range files {
		h := open(t)
		h.running(3)
		var got api.SuppressAnswer
		h.want(name, h.do("POST", "/v1/suppressions"+f.query, operator, f.form, f.body), 200).into(t, &got)
		if got.Accepted != 2 || got.AlreadyThere != 1 || got.Rejected != 1 || got.Blank != 1 || got.Ended != 2 || got.Reasons[campaign.InvalidNumber] != 1 {
			t.Errorf("%s: %+v", name, got)
		}
		if len(got.Rejects) != 1 || got.Rejects[0].Line == 0 || got.Rejects[0].Text == "" {
			t.Errorf("%s: the rejected row is told as %+v", name, got.Rejects)
		}
		if got := h.suppressed(0, 1, 2); !slices.Equal(got, []bool{true, true, false}) {
			t.Errorf("%s: suppressed: %v", name, got)
		}
		h.told(`POST /v1/suppressions crm "old list" 2`)
	}
}

func TestManyRowsOfSuppressions(t *testing.T) {
	t.Parallel()
	h := open(t)
	var got api.SuppressAnswer
	h.want("import", h.do("POST", "/v1/suppressions?column=telefono", operator, "text/csv", people(1001)), 200).into(t, &got)
	if got.Accepted != 1001 {
		t.Errorf("%+v, want 1001 accepted", got)
	}
	h.want("a file without numbers", h.do("POST", "/v1/suppressions", operator, "text/csv", "a;b\n1;2\n"), 422)
}

func TestWrongPeople(t *testing.T) {
	t.Parallel()
	h := open(t)
	tests := map[string]struct {
		body    string
		status  int
		pointer string
	}{
		"nobody":        {`{}`, 422, "#/destinations"},
		"no number":     {`{"destinations": ["+393401000000", "hello"]}`, 422, "#/destinations/1"},
		"no country":    {`{"destinations": ["3401000000"]}`, 422, "#/destinations/0"},
		"twice":         {`{"destinations": ["+393401000000", "+39 340 1000000"]}`, 422, "#/destinations/1"},
		"no such field": {`{"destination": "+393401000000"}`, 400, ""},
		"two objects":   {about("", 0) + about("", 1), 400, ""},
	}
	for what, test := range tests {
		a := h.want(what, h.do("POST", "/v1/suppressions", operator, jsonType, test.body), test.status)
		var p api.Problem
		a.into(t, &p)
		if test.pointer != "" && (len(p.Faults) != 1 || p.Faults[0].Pointer != test.pointer) {
			t.Errorf("%s: %s, want the pointer %s", what, a.body, test.pointer)
		}
		if strings.Contains(a.body, "3401000000") {
			t.Errorf("%s: the answer repeats the number: %s", what, a.body)
		}
	}
}

func TestTheSuppressedAreCounted(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("add", h.do("POST", "/v1/suppressions", operator, jsonType, about("", 0, 1, 2)), 200)
	var got api.SuppressedCount
	if h.want("count", h.get("/v1/suppressions", viewer), 200).into(t, &got); got.People != 3 {
		t.Errorf("%d people, want 3", got.People)
	}
}

// lost are people of whom nothing more can be found out once they are suppressed.
type lost struct{ api.People }

func (lost) MessagesTo(context.Context, ...campaign.Destination) ([]campaign.MessageID, error) {
	return nil, errors.New("Redis went away")
}

func TestWhatWasDoneBeforeAFailureIsInTheJournal(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.People = lost{o.People} })
	h.want("add", h.do("POST", "/v1/suppressions", operator, jsonType, about(`, "reason": "by letter"`, 0, 1)), 503)
	h.want("add those who are there", h.do("POST", "/v1/suppressions", operator, jsonType, about("", 0)), 503)
	var list api.DeedList
	h.want("audit", h.get("/v1/audit", viewer), 200).into(t, &list)
	if len(list.Deeds) != 1 || !list.Deeds[0].BrokeOff || *list.Deeds[0].Touched != 2 || list.Deeds[0].Why != "by letter" {
		t.Errorf("the journal has %+v, want that two people were suppressed before it broke off", list.Deeds)
	}
}
