package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

const ordersFile = `
campaign: orders
standing: true
route:
  - {channel: whatsapp, account: qlara, wait: 30m, template: {id: 42, placeholders: [nome]}}
  - {channel: sms, account: qlara, wait: 24h, text: "Ciao {nome}"}
recipients: {region: IT}
`

// standing is a standing campaign that runs.
func (h *house) standing() {
	h.t.Helper()
	h.want("create", h.do("POST", "/v1/campaigns", operator, "application/yaml", ordersFile), 201)
	h.want("start", h.post("/v1/campaigns/orders/start", operator, ""), 200)
}

func (h *house) messages(body string, want int) (a api.MessagesAnswer) {
	h.t.Helper()
	got := h.want("messages", h.do("POST", "/v1/messages", operator, "application/json", body), want)
	if want == 200 {
		got.into(h.t, &a)
	}
	return a
}

func order(i int, key string) string {
	return fmt.Sprintf(`{"campaign": "orders", "destination": %q, "key": %q, "variables": {"nome": "Ada"}}`, person(i).E164(), key)
}

func TestSingleMessages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.standing()
	got := h.messages(order(1, "o-1"), 200)
	if id := h.IDKey().Message("orders", person(1), "o-1"); got.Accepted != 1 || *got.Messages[0].ID != id {
		t.Errorf("one message: %+v", got)
	}
	got = h.messages(`{"messages": [`+order(1, "o-1")+","+order(1, "o-2")+","+order(2, "")+`]}`, 200)
	if got.Accepted != 1 || got.AlreadyThere != 1 || got.Rejected != 1 || got.Messages[2].Reason != campaign.MissingKey {
		t.Errorf("three messages: %+v", got)
	}
	if sum := h.summary("orders"); sum.Accepted != 2 || sum.State != "running" {
		t.Errorf("the campaign: %+v", sum)
	}
}

func TestMistakesInMessagesAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	var p api.Problem
	h.want("mistakes", h.do("POST", "/v1/messages", operator, "application/json",
		`{"messages": [{"destination": "+39", "colour": "red"}, {"campaign": "x", "variables": {"a": []}}]}`), 422).into(t, &p)
	var at []string
	for _, f := range p.Faults {
		at = append(at, f.Pointer)
	}
	slices.Sort(at)
	if want := []string{"#/messages/0/campaign", "#/messages/0/colour", "#/messages/1/variables/a"}; !slices.Equal(at, want) || p.Type != "urn:cascade:problem:invalid-body" {
		t.Errorf("%s: mistakes at %q, want %q", p.Type, at, want)
	}
	h.messages("[", 422)
	h.messages(strings.Repeat("[", 10_000), 422)
	h.messages(strings.Repeat(`{"messages":`, 10_000)+"1"+strings.Repeat("}", 10_000), 422)
	h.messages(`{"campaign":"`+strings.Repeat("x", campaign.MaxMessagesBody)+`"}`, 413)
	h.want("as a form", h.do("POST", "/v1/messages", operator, "text/plain", order(1, "x")), 415)
}

// A STOP reaches every message of a standing campaign, sent or not, before it is answered.
func TestAStopEndsKeyedMessages(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.standing()
	h.messages(`{"messages": [`+order(1, "a")+","+order(1, "b")+","+order(2, "c")+`]}`, 200)
	h.waitOn(h.IDKey().Message("orders", person(1), "a"), 0)
	form := url.Values{"originator": {person(1).E164()}, "destination": {"+393331234333"}, "date_time": {"20260514102301"}, "text": {"STOP"}}
	h.want("STOP by SMS", h.do("POST", callbacks, "", "application/x-www-form-urlencoded", form.Encode()), 200)
	for key, want := range map[string]fallback.Phase{"a": fallback.Suppressed, "b": fallback.Suppressed} {
		if got := h.record(h.IDKey().Message("orders", person(1), key)).State.Phase; got != want {
			t.Errorf("the message %s is %s, want %s", key, got, want)
		}
	}
	if got := h.record(h.IDKey().Message("orders", person(2), "c")).State.Phase; got != fallback.Scheduled {
		t.Errorf("somebody else's message is %s", got)
	}
	if got := h.messages(order(1, "d"), 200); got.Messages[0].Reason != campaign.SuppressedPerson {
		t.Errorf("a message after the STOP: %+v", got)
	}
}
