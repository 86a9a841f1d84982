package simulator

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/seed-438792ba/cascade/campaign"
)

const (
	wabPath   = "/rest/wab/v1/messages"
	wabSMSOne = "/rest/gateway/messages"
	wabSMSTwo = "/rest/sms/v2/messages"
)

// listed is the first element of an answer that is a list.
func listed[T any](t *testing.T, a answered) T {
	t.Helper()
	var list []T
	if err := json.Unmarshal(a.Text, &list); err != nil || len(list) != 1 {
		t.Fatalf("answered %d %s, want a list of one", a.Status, a.Text)
	}
	return list[0]
}

func TestWABTakesItsDocumentedRequests(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for name, c := range map[string]struct {
		path string
		want int
	}{
		"send-text-request": {wabPath, 202}, "send-template-request": {wabPath, 202},
		"sms-v1-send-request": {wabSMSOne, 200}, "sms-v2-send-request": {wabSMSTwo, 202},
	} {
		if a := w.by(wabCaller, jsonParcel(c.path, exampleOf(t, "wab", name))); a.Status != c.want {
			t.Errorf("%s: %d %s, want %d", name, a.Status, a.Text, c.want)
		}
	}
}

func TestWABAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	documented := exampleList(t, "send-response")
	said := listed[map[string]any](t, w.by(wabCaller, wabRequest(wa, number("7777"), "m-1")))
	wantShape(t, "send-response", documented, said, "id", "status", "reference")
	if _, err := uuid.Parse(word(said, "id")); err != nil || said["status"] != "accepted" || said["reference"] != "m-1" {
		t.Errorf("answered %v, want a UUID, accepted, and the reference", said)
	}
	if n := listed[int64](t, w.by(wabCaller, wabRequest(sms, number("7777"), "m-2"))); n < 1 {
		t.Errorf("SMS, version 1: id %d", n)
	}
	for name, c := range map[string]struct {
		got  answered
		want int
		says string
	}{
		"error-400-response": {w.by(wabCaller, wabRequest(wa, number("0007"), "m-3")), 400, "(#131016)"},
		"error-422-response": {w.by(wabCaller, jsonParcel(wabPath, map[string]any{})), 422, "is missing"},
		"sms-v1-error-response": {w.by(wabCaller, wabRequest(sms, number("0007"), "m-4")), 400,
			word(exampleOf(t, "wab", "sms-v1-error-response"), "error")},
	} {
		wantShape(t, name, exampleOf(t, "wab", name), c.got.JSON)
		if c.got.Status != c.want || !strings.Contains(string(c.got.Text), c.says) {
			t.Errorf("%s: %d %s, want %d and %q", name, c.got.Status, c.got.Text, c.want, c.says)
		}
	}
}

func exampleList(t *testing.T, name string) map[string]any {
	t.Helper()
	b, err := os.ReadFile("testdata/wab/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	return listed[map[string]any](t, answered{Text: b})
}

func TestWABReportsAsDocumented(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	said := listed[map[string]any](t, w.by(wabCaller, wabRequest(wa, number("0012"), "m-1")))
	w.drain()
	w.by(wabCaller, wabRequest(wa, number("0013"), "m-2"))
	w.drain()
	got := w.receiver.all()
	wantShape(t, "received", exampleOf(t, "wab", "dlr-received-callback"), got[1].JSON, "id", "status", "reference")
	wantShape(t, "MO", exampleOf(t, "wab", "mo-callback"), got[2].JSON,
		"id", "source", "Destination", "content.from", "content.id", "content.text.body", "content.timestamp", "content.type")
	wantShape(t, "rejected", exampleOf(t, "wab", "dlr-rejected-callback"), got[4].JSON, "id", "status", "reference")
	for i, want := range []string{"sent", "received", "", "sent", "rejected"} {
		if word(got[i].JSON, "status") != want || got[i].Method != "POST" {
			t.Errorf("callback %d: %s %v, want %q", i+1, got[i].Method, got[i].JSON, want)
		}
	}
	if got[0].JSON["id"] != said["id"] || got[0].JSON["reference"] != "m-1" || got[2].JSON["source"] != number("0012") || got[2].JSON["Destination"] != "393209998877" {
		t.Errorf("told %v and %v after %v", got[0].JSON, got[2].JSON, said)
	}
}

func TestWABReportsAnSMSUnderTheIDThatItAnswered(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	one := listed[float64](t, w.by(wabCaller, wabRequest(sms, number("0013"), "m-1")))
	w.drain()
	two := listed[map[string]any](t, w.by(wabCaller, jsonParcel(wabSMSTwo, map[string]any{"destination": number("0012"), "content": "Ciao"})))
	w.drain()
	got := w.receiver.all()
	if got[1].JSON["id"] != one || got[1].JSON["status"] != "failed" {
		t.Errorf("version 1 told %v, want failed for %v", got[1].JSON, one)
	}
	if got[3].JSON["id"] != two["id"] || got[3].JSON["status"] != "received" || got[4].JSON["content"] != "STOP" {
		t.Errorf("version 2 told %v and %v, want received for %v, and STOP", got[3].JSON, got[4].JSON, two["id"])
	}
}

func TestWABHoldsToItsContract(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	text := map[string]any{"destination": number("7777"), "source": "393209998877", "type": "text", "text": map[string]any{"body": "Ciao"}}
	short := map[string]any{"destination": number("7777"), "content": "Ciao", "source": "MyBrand", "reference": "m-1"}
	template := with(with(text, "type", "template"), "text", nil)
	body := func(parameter any) map[string]any {
		return with(template, "template", map[string]any{"name": "promo", "language": map[string]any{"code": "it"},
			"components": []any{map[string]any{"type": "body", "parameters": []any{parameter}}}})
	}
	for _, c := range []struct {
		path string
		body any
		want string
	}{
		{wabPath, with(text, "destination", "393401237777"), "destination: want a plus"},
		{wabPath, with(text, "destination", []string{number("7777")}), "destination: want a plus"},
		{wabPath, with(text, "source", "+393209998877"), "source: want digits without a plus"},
		{wabPath, with(text, "source", nil), "source: is missing"},
		{wabPath, with(text, "type", "Text"), "type: want one of"},
		{wabPath, with(text, "type", "template"), "template: is needed with type"},
		{wabPath, with(text, "text", "Ciao"), "text: want an object"},
		{wabPath, with(text, "text", nil), "body: want exactly one of text"},
		{wabPath, with(text, "messaging_product", "whatsapp"), "messaging_product: no such field"},
		{wabPath, with(template, "template", map[string]any{"name": "promo", "language": "it"}), "template.language: want an object"},
		{wabPath, body(map[string]any{"type": "text", "text": ""}), "template.components[].parameters[].text: want a text without"},
		{wabPath, body("Mario"), "template.components[].parameters[]: want an object"},
		{wabSMSOne, with(short, "destination", "393401237777"), "invalid_attrib"},
		{wabSMSOne, with(short, "content", nil), "missing_attrib"},
		{wabSMSOne, with(short, "class", "mt_message"), "invalid_attrib"},
		{wabSMSOne, with(short, "sms_class", 4), "invalid_attrib"},
		{wabSMSOne, with(short, "scheduled", "tomorrow"), "invalid_attrib"},
		{wabSMSTwo, with(short, "text", "Ciao"), "invalid_attrib"},
	} {
		a := w.by(wabCaller, jsonParcel(c.path, c.body))
		e, _ := dig(a.JSON, "errors").(map[string]any)
		said, status := fmt.Sprint(e["field"], ": ", e["description"]), 422
		if c.path != wabPath {
			said, status = word(a.JSON, "error"), 400
		}
		if a.Status != status || !strings.Contains(said, c.want) {
			t.Errorf("%s %s: %d %s, want %d and %q", c.path, encode(c.body), a.Status, a.Text, status, c.want)
		}
	}
	for _, ch := range []campaign.Channel{wa, sms} {
		if got := w.sim.Stats().Answers["wab."+ch.String()]["taken_as_new"]; got != 0 {
			t.Errorf("%s: %d were taken", ch, got)
		}
	}
	if a := w.by(wabCaller, parcel{wabPath, formMedia, []byte("a=b")}); a.Status != 415 {
		t.Errorf("a form: %d, want 415", a.Status)
	}
	if a := w.by(wabCaller, parcel{wabSMSOne, jsonMedia, []byte("{")}); word(a.JSON, "error") != "invalid_json" {
		t.Errorf("no JSON: %s, want invalid_json", a.Text)
	}
}

func FuzzWABRead(f *testing.F) {
	for _, name := range []string{"send-text-request", "send-template-request", "sms-v1-send-request"} {
		b, err := os.ReadFile("testdata/wab/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) { readAtEveryDesk(t, wab{}, body) })
}
