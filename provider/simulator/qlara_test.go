package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
)

func example(t *testing.T, name string) map[string]any {
	t.Helper()
	return exampleOf(t, "qlara", name)
}

func exampleOf(t *testing.T, provider, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", provider, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDocumentedRequestsAreTaken(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	files, err := filepath.Glob("testdata/qlara/*-request.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		channel, _, _ := strings.Cut(strings.TrimPrefix(name, "old-"), "-")
		want := 200
		if strings.HasPrefix(name, "old-") {
			want = 400 // an earlier generation of the API
		}
		body := marshal(t, example(t, name))
		for _, prefix := range []string{"", "/api"} {
			a := w.must("POST", prefix+"/message-server/"+channel+"/send", body)
			if a.Status != want {
				t.Errorf("%s at %q: %d %v, want %d", name, prefix, a.Status, a.JSON, want)
			}
		}
	}
}

// kinds replaces every value by what it is, so that two texts can be compared by shape.
func kinds(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			out[k] = kinds(e)
		}
		return out
	case []any:
		return "list"
	default:
		return fmt.Sprintf("%T", v)
	}
}

func TestAnswersHaveTheDocumentedShape(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Limits: Limits{RCS: []campaign.Limit{{N: 1, Window: 1e9 * 60}}}}})
	w.send(rcs, number("7777"), "first")
	for _, c := range []struct {
		name string
		got  answered
	}{
		{"whatsapp-send-response", w.send(wa, number("7777"), "m-1")},
		{"whatsapp-send-not-accepted-response", w.send(wa, number("0001"), "m-2")},
		{"sms-send-response", w.send(sms, number("7777"), "m-3")},
		{"rcs-send-response", start(t, Options{}).send(rcs, number("7777"), "m-4")},
		{"error-429-response", w.send(rcs, number("7777"), "m-5")},
		{"status-poll-response", w.must("GET", "/partner-gateway/v1/messages/status/m-3?channel=SMS", nil)},
	} {
		if diff := cmp.Diff(kinds(example(t, c.name)), kinds(c.got.JSON)); diff != "" {
			t.Errorf("%s (-documented +answered):\n%s", c.name, diff)
		}
	}
}

func TestCallbacksHaveTheDocumentedShape(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	w.send(wa, number("0014"), "m-1")
	w.send(wa, number("0013"), "m-2")
	w.send(wa, number("0012"), "m-3")
	w.send(rcs, number("0014"), "m-4")
	w.send(rcs, number("0012"), "m-5")
	w.send(sms, number("7777"), "m-6")
	w.drain()
	got := map[string]map[string]any{}
	for _, c := range w.receiver.all() {
		got[fmt.Sprint(c.JSON["channel"], " ", c.short())] = c.JSON
	}
	for name, documented := range map[string]string{
		"WHATSAPP delivered":     "whatsapp-delivery-callback",
		"WHATSAPP undeliverable": "whatsapp-undeliverable-callback",
		"WHATSAPP read":          "whatsapp-read-callback",
		"WHATSAPP inbound STOP":  "whatsapp-inbound-text-callback",
		"RCS delivered":          "rcs-delivery-callback",
		"RCS read":               "rcs-read-callback",
		"RCS inbound STOP":       "rcs-inbound-callback",
		"SMS delivered":          "sms-delivery-callback",
	} {
		want := example(t, documented)
		if diff := cmp.Diff(kinds(want), kinds(got[name])); diff != "" {
			t.Errorf("%s (-documented +posted):\n%s", name, diff)
		}
		for _, field := range []string{"channel", "eventType", "statusCode", "messageType"} {
			if got[name][field] != want[field] {
				t.Errorf("%s: %s is %v, documented %v", name, field, got[name][field], want[field])
			}
		}
	}
}

func TestInboundSMSIsAFormThatWantsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Receipts: Receipts{Backoff: 1e6}}})
	w.receiver.answer = func(n int) (int, string) {
		if n < 3 {
			return 200, "ok"
		}
		return 200, "+OK"
	}
	w.send(sms, number("0012"), "m-1")
	w.drain()
	if got, want := w.heard(), []string{"delivered", "form STOP", "form STOP"}; !slices.Equal(got, want) {
		t.Fatalf("heard %q, want %q: only +OK ends it", got, want)
	}
	c := w.receiver.all()[1]
	if c.ContentType != "application/x-www-form-urlencoded" || c.Form.Get("originator") != number("0012") || len(c.Form.Get("date_time")) != 14 {
		t.Errorf("posted %s %v", c.ContentType, c.Form)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	key := func(k string) func(*http.Request) { return func(r *http.Request) { r.Header.Set("X-Api-Key", k) } }
	open := start(t, Options{})
	closed := start(t, Options{Accounts: map[string]Account{"sesame": {Name: "main"}}})
	for _, c := range []struct {
		w    *world
		key  string
		want int
	}{
		{open, "", 401}, {open, "bad-key", 401}, {open, "any", 200},
		{closed, "any", 401}, {closed, "", 401}, {closed, "sesame", 200},
	} {
		if a := c.w.must("POST", path(sms), order(sms, number("7777"), "m-1"), key(c.key)); a.Status != c.want {
			t.Errorf("key %q: %d, want %d", c.key, a.Status, c.want)
		}
		if a := c.w.must("GET", "/partner-gateway/v1/messages/status/m-1?channel=SMS", nil, key(c.key)); (a.Status == 401) != (c.want == 401) {
			t.Errorf("key %q, asking: %d", c.key, a.Status)
		}
	}
	if r := closed.log()[2]; r.Account != "main" {
		t.Errorf("logged account %q, want main", r.Account)
	}
}

func TestStatusIsAnsweredTruthfully(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for _, c := range []struct{ tail, id, want string }{
		{"7777", "sent", "DELIVERED"}, {"0004", "silent", "SENT"}, {"0013", "lost", "ERROR"}, {"0010", "reversed", "DELIVERED"},
	} {
		w.send(wa, number(c.tail), c.id)
		w.drain()
		a := w.must("GET", "/partner-gateway/v1/messages/status/"+c.id+"?channel=WHATSAPP", nil)
		if a.Status != 200 || a.JSON["deliveryStatus"] != c.want {
			t.Errorf("%s: %d %v, want %s", c.id, a.Status, a.JSON, c.want)
		}
	}
	w.send(wa, number("0001"), "refused")
	other := func(r *http.Request) { r.Header.Set("X-Api-Key", "another") }
	for path, want := range map[string]int{
		"never?channel=WHATSAPP":   404,
		"refused?channel=WHATSAPP": 404,
		"sent?channel=SMS":         404,
		"sent":                     400,
	} {
		if a := w.must("GET", "/api/partner-gateway/v1/messages/status/"+path, nil); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	if a := w.must("GET", "/partner-gateway/v1/messages/status/sent?channel=WHATSAPP", nil, other); a.Status != 404 {
		t.Errorf("another account's question: %d, want 404", a.Status)
	}
}

func TestSeveralStatusesAtOnce(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	w.send(wa, number("7777"), "a")
	w.send(wa, number("0013"), "b")
	w.send(sms, number("7777"), "c")
	w.drain()
	many := strings.Repeat("x,", qlaraAtOnce) + "x"
	for query, want := range map[string]string{
		"channel=WHATSAPP&ids=a,b,c,d":             "a DELIVERED, b ERROR",
		"channel=SMS&customerMessageIds=a,b,c":     "c DELIVERED",
		"channel=RCS&ids=a":                        "",
		"ids=a":                                    "400",
		"channel=whatsapp&ids=a":                   "400",
		"channel=WHATSAPP":                         "400",
		"channel=SMS&ids=a&customerMessageIds=b,c": "400",
		"channel=SMS&ids=" + many:                  "400",
	} {
		a := w.must("GET", "/api/partner-gateway/v1/messages/status?"+query, nil)
		var list []qlaraStatus
		var got []string
		if json.Unmarshal(a.Text, &list) != nil {
			got = append(got, fmt.Sprint(a.Status))
		}
		for _, s := range list {
			got = append(got, s.ID+" "+s.Status)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("%.40s: %q, want %q", query, got, want)
		}
	}
}

func TestQuestionsCountAgainstTheAccountsLimits(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Limits: Limits{Account: []campaign.Limit{{N: 2, Window: 1e9 * 60}}}}})
	ask := "/partner-gateway/v1/messages/status/m-1?channel=SMS"
	if a := w.send(sms, number("7777"), "m-1"); a.Status != 200 {
		t.Fatalf("answered %d", a.Status)
	}
	for i, want := range []int{200, 429} {
		if a := w.must("GET", ask, nil); a.Status != want || (a.Header.Get("Retry-After") != "") != (want == 429) {
			t.Errorf("question %d: %d, Retry-After %q; want %d", i+1, a.Status, a.Header.Get("Retry-After"), want)
		}
	}
	if a := w.send(sms, number("7777"), "m-2"); a.Status != 429 {
		t.Errorf("a request after the questions: %d, want 429", a.Status)
	}
	if got := w.sim.Stats().Asked; got != 2 {
		t.Errorf("%d questions were counted, want 2", got)
	}
}

func TestFlagsOfARequest(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	quiet := example(t, "whatsapp-send-template-request")
	w.must("POST", path(wa), marshal(t, with(quiet, "enableNotification", false)))
	a := w.must("POST", path(wa), marshal(t, with(quiet, "simulation", true)))
	if a.JSON["simulation"] != true {
		t.Errorf("simulation: answered %v", a.JSON)
	}
	w.drain()
	if got := w.heard(); len(got) != 0 {
		t.Errorf("heard %q, want nothing", got)
	}
	wantAnswers(t, w, "taken_as_new", "dry_run")
}

func TestAMessageWithoutIDGetsOne(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	a := w.must("POST", path(wa), marshal(t, example(t, "whatsapp-send-template-request")))
	b := w.must("POST", path(wa), marshal(t, example(t, "whatsapp-send-template-request")))
	w.drain()
	id := a.JSON["messageId"]
	if id == "" || id == b.JSON["messageId"] || w.receiver.all()[0].JSON["messageId"] == "" {
		t.Errorf("ids %v and %v, receipt %v", id, b.JSON["messageId"], w.receiver.all()[0].JSON["messageId"])
	}
}
