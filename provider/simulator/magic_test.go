package simulator

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

const (
	wa  = campaign.WhatsApp
	rcs = campaign.RCS
	sms = campaign.SMS
)

func number(tail string) string { return "+39340123" + tail }

// An accepted request, and what is reported after it, for all magic numbers that have
// no story beyond that.
func TestMagicNumbers(t *testing.T) {
	t.Parallel()
	refused := []string{"refused"}
	for _, c := range []struct {
		tail         string
		wa, rcs, sms []string
	}{
		{tail: "0001", wa: refused, rcs: refused, sms: refused},
		{tail: "0002", wa: []string{"undeliverable"}, rcs: []string{"delivered"}, sms: []string{"delivered"}},
		{tail: "0003", wa: []string{"undeliverable"}, rcs: []string{"undeliverable"}, sms: []string{"delivered"}},
		{tail: "0004"},
		{tail: "0009", wa: []string{"delivered", "delivered", "delivered", "read", "read", "read"},
			rcs: []string{"delivered", "delivered", "delivered", "read", "read", "read"}, sms: []string{"delivered", "delivered", "delivered"}},
		{tail: "0010", wa: []string{"read", "delivered"}, rcs: []string{"read", "delivered"}, sms: []string{"delivered"}},
		{tail: "0011", wa: []string{"delivered"}, rcs: []string{"delivered"}, sms: []string{"delivered"}},
		{tail: "0012", wa: []string{"delivered", "inbound STOP"}, rcs: []string{"delivered", "inbound STOP"}, sms: []string{"delivered", "form STOP"}},
		{tail: "0013", wa: []string{"undeliverable"}, rcs: []string{"undeliverable"}, sms: []string{"undeliverable"}},
		{tail: "0014", wa: []string{"delivered", "read"}, rcs: []string{"delivered", "read"}, sms: []string{"delivered"}},
		{tail: "7777", wa: []string{"delivered"}, rcs: []string{"delivered"}, sms: []string{"delivered"}},
	} {
		for _, ch := range campaign.Channels() {
			t.Run(c.tail+" "+ch.String(), func(t *testing.T) {
				t.Parallel()
				w := start(t, Options{})
				want := pick(ch, c.wa, c.rcs, c.sms)
				a := w.send(ch, number(c.tail), "m-1")
				if a.Status != 200 || a.accepted(ch) == slices.Equal(want, refused) {
					t.Fatalf("answered %d %v, want 200, accepted %t", a.Status, a.JSON, !slices.Equal(want, refused))
				}
				w.drain()
				if slices.Equal(want, refused) {
					want = nil
				}
				if got := w.heard(); !slices.Equal(got, want) {
					t.Errorf("heard %q, want %q", got, want)
				}
			})
		}
	}
}

func TestEveryMagicNumberIsExplained(t *testing.T) {
	t.Parallel()
	for i, trick := range Magic() {
		if got := trickNumber(campaign.Destination(number(trick.Tail))); got != i+1 || trick.Does == "" {
			t.Errorf("the number that ends in %q meets trick %d, want %d; it does %q", trick.Tail, got, i+1, trick.Does)
		}
	}
	for _, tail := range []string{"0000", "0020", "1001"} {
		if got := trickNumber(campaign.Destination(number(tail))); got != 0 {
			t.Errorf("%s meets trick %d, want none", tail, got)
		}
	}
}

func TestRefusalNamesTheReason(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	a := w.send(wa, number("0001"), "m-1")
	result := a.JSON["results"].(map[string]any)["whatsapp"].(map[string]any)
	if reasons, _ := result["reasons"].([]any); len(reasons) != 1 || reasons[0] != "invalid number" {
		t.Errorf("reasons %v, want [invalid number]", result["reasons"])
	}
}

func TestLateWhatsAppComesAfterTheEscalationOnly(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: delayed(100 * time.Millisecond)})
	w.send(wa, number("0005"), "m-wa")
	w.send(rcs, number("0005"), "m-other", "campaignId", "autumn")
	w.drain()
	if got := w.heard(); !slices.Equal(got, []string{"delivered"}) {
		t.Fatalf("before the escalation heard %q, want the other campaign's delivery only", got)
	}
	w.send(rcs, number("0005"), "m-rcs")
	w.drain()
	var ids []any
	for _, c := range w.receiver.all()[1:] {
		ids = append(ids, c.JSON["messageId"])
	}
	if !slices.Equal(ids, []any{"m-wa", "m-rcs"}) {
		t.Errorf("after the escalation heard of %v, want the late m-wa and then m-rcs", ids)
	}
}

func TestThrottledOnce(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{RetryAfter: campaign.Duration(3 * time.Second)}})
	a := w.send(wa, number("0006"), "m-1")
	if a.Status != 429 || a.Header.Get("Retry-After") != "3" || a.JSON["retryAfter"] != 3.0 {
		t.Errorf("first: %d, Retry-After %q, body %v; want 429 and 3 in both", a.Status, a.Header.Get("Retry-After"), a.JSON)
	}
	if a := w.send(wa, number("0006"), "m-1"); a.Status != 200 || !a.accepted(wa) {
		t.Errorf("second: %d %v, want it accepted", a.Status, a.JSON)
	}
	w.drain()
	wantAnswers(t, w, "throttled", "taken_as_new")
	if got := w.heard(); !slices.Equal(got, []string{"delivered"}) {
		t.Errorf("heard %q, want delivered", got)
	}
}

func TestTryLaterTwice(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for i, want := range []int{500, 500, 200} {
		if a := w.send(sms, number("0007"), "m-1"); a.Status != want {
			t.Errorf("request %d: %d, want %d", i+1, a.Status, want)
		}
	}
	w.drain()
	wantAnswers(t, w, "unavailable", "unavailable", "taken_as_new")
}

func TestAnswerNeverComesButReceiptsDo(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	ctx, leave := context.WithCancel(t.Context())
	w.receiver.seen = func(told) { leave() } // the caller leaves once it heard of the delivery
	_, err := w.do("POST", path(wa), order(wa, number("0008"), "m-1"), func(r *http.Request) { *r = *r.WithContext(ctx) })
	if err == nil {
		t.Error("an answer came")
	}
	w.drain()
	if got := w.heard(); !slices.Equal(got, []string{"delivered"}) {
		t.Errorf("heard %q, want delivered", got)
	}
	wantAnswers(t, w, "no_answer")
	if r := w.log()[0]; !r.Taken {
		t.Errorf("the log does not say that it was taken: %+v", r)
	}
}

// What is lost on the way: who took it, what the caller saw, and what it hears when it
// asks. 0 is a connection that was cut.
func TestLostRequestsAndAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tail    string
		saw     [2]int // of two requests for one message
		answers [2]string
		told    []string
		status  int // of the question after the first request
		word    any
	}{
		{"0015", [2]int{0, 0}, [2]string{"no_answer", "duplicate"}, []string{}, 200, "DELIVERED"},
		{"0016", [2]int{0, 200}, [2]string{"unavailable", "taken_as_new"}, []string{"delivered"}, 404, nil},
		{"0017", [2]int{502, 502}, [2]string{"no_answer", "duplicate"}, []string{}, 200, "DELIVERED"},
		{"0018", [2]int{504, 200}, [2]string{"unavailable", "taken_as_new"}, []string{"delivered"}, 404, nil},
		{"0019", [2]int{0, 0}, [2]string{"no_answer", "duplicate"}, []string{}, 503, nil},
	} {
		t.Run(c.tail, func(t *testing.T) {
			t.Parallel()
			w := start(t, Options{})
			request := func(i int) {
				if a, err := w.do("POST", path(wa), order(wa, number(c.tail), "m-1")); a.Status != c.saw[i] || (err != nil) != (c.saw[i] == 0) {
					t.Errorf("request %d: %d %v, want %d", i+1, a.Status, err, c.saw[i])
				}
				w.drain()
			}
			request(0)
			a := w.must("GET", "/partner-gateway/v1/messages/status/m-1?channel=WHATSAPP", nil)
			if a.Status != c.status || a.JSON["deliveryStatus"] != c.word {
				t.Errorf("asked: %d %v, want %d %v", a.Status, a.JSON, c.status, c.word)
			}
			request(1)
			wantAnswers(t, w, c.answers[0], c.answers[1])
			if got := w.heard(); !slices.Equal(got, c.told) {
				t.Errorf("heard %q, want %q", got, c.told)
			}
		})
	}
}

func TestReceiptBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: delayed(time.Hour)})
	w.send(wa, number("0011"), "m-1")
	if got := w.heard(); !slices.Equal(got, []string{"delivered"}) {
		t.Errorf("when the answer came, heard %q, want delivered", got)
	}
}

func TestPartsOfAnSMSAreReportedEach(t *testing.T) {
	t.Parallel()
	for tail, want := range map[string][]string{
		"7777": {"delivered 1/3", "delivered 2/3", "delivered 3/3"},
		"0010": {"delivered 3/3", "delivered 2/3", "delivered 1/3"},
		"0013": {"undeliverable 1/3", "undeliverable 2/3", "undeliverable 3/3"},
	} {
		w := start(t, Options{})
		a := w.send(sms, number(tail), "m-1", "body", strings.Repeat("a", 307))
		if parts := a.JSON["results"].(map[string]any)["sms"].(map[string]any)["parts"]; parts != 3.0 {
			t.Errorf("%s: answered %v parts, want 3", tail, parts)
		}
		w.drain()
		if got := w.heard(); !slices.Equal(got, want) {
			t.Errorf("%s: heard %q, want %q", tail, got, want)
		}
	}
}

// wantAnswers compares the answers in the log.
func wantAnswers(t *testing.T, w *world, want ...string) {
	t.Helper()
	var got []string
	for _, r := range w.log() {
		got = append(got, r.Answer.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log says %q, want %q", got, want)
	}
}
