package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

var infobipPaths = map[string]string{
	"whatsapp-template": "/whatsapp/1/message/template", "whatsapp-text": "/whatsapp/1/message/text",
	"sms": "/sms/3/messages", "rcs": "/rcs/2/messages",
}

// infobipPath is where a documented request goes: its name begins with the path's.
func infobipPath(name string) string {
	for prefix, path := range infobipPaths {
		if strings.HasPrefix(name, prefix+"-") {
			return path
		}
	}
	return infobipPaths["rcs"]
}

func TestInfobipTakesItsDocumentedRequests(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for name, want := range map[string]int{
		"whatsapp-template-request": 200, "whatsapp-template-tracked-url-request": 200, "whatsapp-text-request": 200,
		"sms-request": 200, "rcs-text-request": 200, "rcs-text-sms-failover-request": 200,
		"sms-full-request": 400, // three messages in one
	} {
		a := w.by(infobipCaller, jsonParcel(infobipPath(name), exampleOf(t, "infobip", name)))
		if a.Status != want {
			t.Errorf("%s: %d %s, want %d", name, a.Status, a.Text, want)
		}
	}
}

func TestInfobipAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Limits: Limits{RCS: limits("1/1m")}}})
	ask := func(ch campaign.Channel, tail string) answered {
		return w.by(infobipCaller, infobipRequest(ch, number(tail), "m-"+tail))
	}
	unsigned := infobipCaller
	unsigned.sign = func(*http.Request) {}
	broken := parcel{infobipPaths["sms"], "application/json", []byte("{}")}
	for _, c := range []struct {
		name string
		got  answered
		want int
	}{
		{"whatsapp-template-response", ask(wa, "7777"), 200},
		{"whatsapp-text-response", w.by(infobipCaller, jsonParcel(infobipPaths["whatsapp-text"], with(exampleOf(t, "infobip", "whatsapp-text-request"), "to", "441134967777"))), 200},
		{"sms-response", ask(sms, "7777"), 200},
		{"rcs-response", ask(rcs, "7777"), 200},
		{"error-e429-response", ask(rcs, "7778"), 429},
		{"sms-error-400-response", w.by(infobipCaller, broken), 400},
		{"error-401-response", w.by(unsigned, infobipRequest(wa, number("7777"), "m")), 401},
		{"error-429-response", ask(wa, "0006"), 429},
	} {
		documented := exampleOf(t, "infobip", c.name)
		needed := map[string]string{}
		flatten("", documented, needed)
		delete(needed, "resources[].name") // links to pages
		delete(needed, "resources[].url")
		var paths []string
		for path := range needed {
			paths = append(paths, path)
		}
		wantShape(t, c.name, documented, c.got.JSON, paths...)
		if c.got.Status != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got.Status, c.want)
		}
		for _, path := range [][]string{
			{"messages", "status", "name"}, {"status", "name"}, {"errorCode"}, {"requestError", "serviceException", "messageId"},
		} {
			if got, want := word(c.got.JSON, path...), word(documented, path...); got != want {
				t.Errorf("%s: %v is %q, documented %q", c.name, path, got, want)
			}
		}
	}
	if got := word(w.by(infobipCaller, infobipRequest(sms, number("0001"), "m")).JSON, "messages", "status", "name"); got != "REJECTED_DESTINATION" {
		t.Errorf("0001: status %q, want REJECTED_DESTINATION", got)
	}
}

func TestInfobipReportsAsDocumented(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for _, ch := range campaign.Channels() {
		for _, tail := range []string{"0012", "0013", "0014"} {
			w.by(infobipCaller, infobipRequest(ch, number(tail), ch.String()+" "+tail))
		}
	}
	w.drain()
	got := map[string]map[string]any{}
	for _, c := range w.receiver.all() {
		id := cmp.Or(word(c.JSON, "results", "pairedMessageId"), strings.TrimPrefix(word(c.JSON, "results", "messageId"), "inbound-"))
		if word(c.JSON, "results", "text") == "STOP" {
			id = "sms"
		}
		channel, _, _ := strings.Cut(id, " ")
		got[channel+" "+infobipCaller.short(c)] = c.JSON
	}
	report := []string{"results[].messageId", "results[].to", "results[].sentAt", "results[].doneAt", "results[].status.id",
		"results[].status.groupId", "results[].error.id", "results[].error.permanent", "results[].messageCount", "results[].bulkId"}
	for name, c := range map[string]struct {
		documented string
		needed     []string
	}{
		"whatsapp delivered":     {"whatsapp-dlr-callback", report},
		"whatsapp undeliverable": {"whatsapp-dlr-frequency-capped-callback", report},
		"whatsapp read":          {"whatsapp-seen-callback", []string{"results[].seenAt", "results[].sentAt", "results[].from", "results[].to"}},
		"whatsapp STOP":          {"whatsapp-inbound-text-callback", []string{"results[].from", "results[].integrationType", "results[].receivedAt"}},
		"rcs delivered":          {"rcs-dlr-delivered-callback", report},
		"rcs undeliverable":      {"rcs-dlr-failed-callback", report},
		"rcs STOP":               {"rcs-inbound-suggestion-callback", []string{"results[].sender", "results[].message.type"}},
		"sms delivered":          {"sms-dlr-callback", report},
		"sms undeliverable":      {"sms-dlr-callback", report},
		"sms STOP":               {"sms-inbound-callback", []string{"results[].from", "results[].text", "results[].receivedAt"}},
	} {
		documented := exampleOf(t, "infobip", c.documented)
		if strings.HasPrefix(name, "whatsapp und") { // the example leaves the contact out, as it may
			first(documented["results"]).(map[string]any)["contact"] = map[string]any{"phoneNumber": ""}
		}
		wantShape(t, name, documented, got[name], c.needed...)
	}
	if got["rcs read"] == nil {
		t.Errorf("an RCS message that was read is not reported: %v", got)
	}
	for name, path := range map[string]string{"whatsapp delivered": "to", "whatsapp read": "from", "whatsapp STOP": "from", "rcs STOP": "sender", "sms STOP": "from"} {
		if n := word(got[name], "results", path); !strings.HasPrefix(n, "39340123") {
			t.Errorf("%s: %s is %q, want the person's number without a plus", name, path, n)
		}
	}
}

func TestInfobipWritesTimesItsOwnWay(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Now: newClock().Now})
	w.by(infobipCaller, infobipRequest(sms, number("7777"), "m-1"))
	w.drain()
	for _, name := range []string{"sentAt", "doneAt"} {
		if got := word(w.receiver.all()[0].JSON, "results", name); got != "2026-12-01T09:00:00.000+0000" {
			t.Errorf("%s is %q, want 2026-12-01T09:00:00.000+0000", name, got)
		}
	}
}

func TestInfobipRefusesAnIDThatAnSMSUsedBefore(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for _, ch := range campaign.Channels() {
		first := w.by(infobipCaller, infobipRequest(ch, number("7777"), "m-1"))
		again := w.by(infobipCaller, infobipRequest(ch, number("7777"), "m-1"))
		status := word(again.JSON, "messages", "status", "name")
		if !infobipCaller.accepted(ch, first) || again.Status != 200 || (ch == sms) != (status == "REJECTED_DUPLICATE_MESSAGE_ID") {
			t.Errorf("%s: answered %s, and again %s", ch, first.Text, again.Text)
		}
	}
	w.drain()
	wantAnswers(t, w, "taken_as_new", "duplicate", "taken_as_new", "duplicate", "taken_as_new", "duplicate")
	for _, r := range w.log() {
		if want := r.Answer == TakenAsNew || r.Channel != sms; r.Taken != want {
			t.Errorf("%s %s: taken %t, want %t", r.Channel, r.Answer, r.Taken, want)
		}
	}
	if got := len(w.receiver.all()); got != 5 {
		t.Errorf("heard %d reports, want one of the SMS and two of each other", got)
	}
}

// The answer to the first never came; who sends again with the same id is told so.
func TestInfobipAnswersADuplicateOfWhatItNeverAnswered(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	p := infobipRequest(sms, number("0008"), "m-1")
	brief := &http.Client{Transport: w.client.Transport, Timeout: 30 * time.Millisecond}
	req, err := http.NewRequest("POST", w.url+p.path, strings.NewReader(string(p.body)))
	if err != nil {
		t.Fatal(err)
	}
	infobipCaller.sign(req)
	p.typed(req)
	if _, err := brief.Do(req); err == nil {
		t.Fatal("an answer came")
	}
	a := w.by(infobipCaller, p)
	if got := word(a.JSON, "messages", "status", "name"); got != "REJECTED_DUPLICATE_MESSAGE_ID" {
		t.Errorf("again: %q, want REJECTED_DUPLICATE_MESSAGE_ID", got)
	}
	wantAnswers(t, w, "no_answer", "duplicate")
}

// changed is a valid request with one value put elsewhere: the path leads through
// objects and the first elements of lists.
func changed(ch campaign.Channel, value any, path ...string) parcel {
	p := infobipRequest(ch, number("7777"), "m-1")
	o, _ := readObject(p.body, anyObject)
	in, _ := dig(o, path[:len(path)-1]...).(map[string]any)
	if value == nil {
		delete(in, path[len(path)-1])
	} else {
		in[path[len(path)-1]] = value
	}
	return jsonParcel(p.path, o)
}

func TestInfobipHoldsToItsContract(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	template := []string{"messages", "content", "templateData"}
	in := func(more ...string) []string { return append(slices.Clone(template), more...) }
	url := map[string]any{"type": "URL", "parameter": "x"}
	for _, c := range []struct {
		ch    campaign.Channel
		value any
		path  []string
		want  string
	}{
		{wa, number("7777"), []string{"messages", "to"}, "messages[].to: want 8 to 15 digits without a plus"},
		{wa, nil, []string{"messages", "from"}, "messages[].from: is missing"},
		{wa, strings.Repeat("m", 201), []string{"messages", "messageId"}, "messages[].messageId: want 0 to 200"},
		{wa, "Promo", []string{"messages", "content", "templateName"}, "templateName: want 1 to 512 lower case"},
		{wa, nil, []string{"messages", "content", "language"}, "language: is missing"},
		{wa, nil, in("body", "placeholders"), "placeholders: is missing"},
		{wa, []any{""}, in("body", "placeholders"), "placeholders[]: want a text without"},
		{wa, []any{"a\tb"}, in("body", "placeholders"), "placeholders[]: want a text without"},
		{wa, []any{"a     b"}, in("body", "placeholders"), "placeholders[]: want a text without"},
		{wa, map[string]any{"nome": "Mario"}, in("body", "placeholders"), "placeholders: want a list"},
		{wa, map[string]any{"type": "image", "mediaUrl": "u"}, in("header"), "header.type: want one of"},
		{wa, map[string]any{"type": "IMAGE"}, in("header"), "header.mediaUrl: is missing"},
		{wa, []any{url, url, url}, in("buttons"), "buttons: want at most 10, and of them at most 2 of type URL"},
		{wa, "2025-01-01T10:10:00.000+0000", []string{"messages", "sendAt"}, "sendAt: no such field"},
		{wa, []any{}, []string{"messages"}, "messages: want a list of one"},
		{wa, map[string]any{"from": "x"}, []string{"messages", "smsFailover"}, "smsFailover.text: is missing"},
		{sms, number("7777"), []string{"messages", "destinations", "to"}, "destinations[].to: want 8 to 15 digits"},
		{sms, nil, []string{"messages", "sender"}, "sender: is missing"},
		{sms, "Ciao", []string{"messages", "content"}, "content: want an object"},
		{sms, "x", []string{"messages", "from"}, "messages[].from: no such field"},
		{sms, map[string]any{"validityPeriod": 60}, []string{"messages", "options"}, "validityPeriod: want an object"},
		{sms, map[string]any{"validityPeriod": map[string]any{"amount": 60, "timeUnit": "minutes"}}, []string{"messages", "options"}, "timeUnit: want one of"},
		{sms, map[string]any{"delivery": "https://example.com"}, []string{"messages", "webhooks"}, "delivery: want an object"},
		{sms, map[string]any{"schedule": map[string]any{"sendAt": "2026-12-01T09:00:00Z"}}, []string{"options"}, "sendAt: want a date as"},
		{rcs, nil, []string{"messages", "content", "type"}, "content.type: is missing"},
		{rcs, "text", []string{"messages", "content", "type"}, "content.type: want one of"},
		{rcs, strings.Repeat("a", 3073), []string{"messages", "content", "text"}, "text: want 1 to 3072"},
		{rcs, []any{map[string]any{"text": "x"}}, []string{"messages", "content", "suggestions"}, "suggestions[].type: is missing"},
		{rcs, slices.Repeat([]any{map[string]any{"type": "REPLY", "text": "x"}}, 12), []string{"messages", "content", "suggestions"}, "suggestions: want at most 11"},
		{rcs, map[string]any{"type": "PROVIDER_TEMPLATE"}, []string{"messages", "content"}, "templateId: is missing"},
		{rcs, true, []string{"messages", "options", "flash"}, "flash: no such field"},
	} {
		a := w.by(infobipCaller, changed(c.ch, c.value, c.path...))
		var said string
		if c.ch == wa {
			said = strings.ReplaceAll(fmt.Sprint(dig(a.JSON, "requestError", "serviceException", "validationErrors")), ":[", ": ")
		} else {
			v, _ := dig(a.JSON, "violations").(map[string]any)
			said = fmt.Sprint(v["property"], ": ", v["violation"])
		}
		if a.Status != 400 || !strings.Contains(said, c.want) {
			t.Errorf("%s %v = %v: %d %s, want 400 and %q", c.ch, c.path, c.value, a.Status, said, c.want)
		}
	}
	if got := w.sim.Stats().Answers["infobip.whatsapp"]["taken_as_new"]; got != 0 {
		t.Errorf("%d were taken", got)
	}
}

func TestInfobipTakesEveryFreeFormMessage(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for kind, content := range map[string]map[string]any{
		"text": {"text": "Ciao"}, "image": {"mediaUrl": "u", "caption": "c"}, "video": {"mediaUrl": "u"}, "audio": {"mediaUrl": "u"},
		"document": {"mediaUrl": "u", "filename": "f.pdf"}, "sticker": {"mediaUrl": "u"}, "location": {"latitude": 45.1, "longitude": 9.2},
	} {
		body := map[string]any{"from": "441134960000", "to": "393401237777", "messageId": kind, "content": content}
		a := w.by(infobipCaller, jsonParcel("/whatsapp/1/message/"+kind, body))
		if a.Status != 200 || fmt.Sprint(dig(a.JSON, "status", "groupId")) != "1" || a.JSON["messageId"] != kind {
			t.Errorf("%s: %d %s", kind, a.Status, a.Text)
		}
	}
}

func TestInfobipReportsAsARequestAsks(t *testing.T) {
	t.Parallel()
	for want, hooks := range map[string]map[string]any{
		"sent delivered": {"delivery": map[string]any{"intermediateReport": true}},
		"delivered":      {"callbackData": "job 7"},
		"":               {"delivery": map[string]any{"notify": false}},
	} {
		w := start(t, Options{})
		w.by(infobipCaller, changed(sms, hooks, "messages", "webhooks"))
		w.drain()
		if got := strings.Join(w.heardBy(infobipCaller), " "); got != want {
			t.Errorf("%v: heard %q, want %q", hooks, got, want)
		}
		for _, c := range w.receiver.all() {
			if got := word(c.JSON, "results", "callbackData"); got != word(hooks, "callbackData") {
				t.Errorf("%v: callbackData %q came back", hooks, got)
			}
		}
	}
}

func TestInfobipCountsPartsAndReportsOnce(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	a := w.by(infobipCaller, changed(sms, strings.Repeat("a", 307), "messages", "content", "text"))
	if got := fmt.Sprint(dig(a.JSON, "messages", "details", "messageCount")); got != "3" {
		t.Errorf("answered %s parts, want 3", got)
	}
	w.drain()
	got := w.receiver.all()
	if len(got) != 1 || fmt.Sprint(dig(got[0].JSON, "results", "messageCount")) != "3" {
		t.Errorf("heard %v, want one report that counts 3", got)
	}
	a = w.by(infobipCaller, changed(sms, strings.Repeat("a", 25*153+1), "messages", "content", "text"))
	if got := word(a.JSON, "messages", "status", "name"); got != "REJECTED_MESSAGE_TOO_LONG" {
		t.Errorf("26 parts: %q, want REJECTED_MESSAGE_TOO_LONG", got)
	}
	wantAnswers(t, w, "taken_as_new", "refused")
}

func FuzzInfobipRead(f *testing.F) {
	for _, name := range []string{"whatsapp-template-request", "sms-request", "rcs-text-request", "whatsapp-text-request"} {
		b, err := os.ReadFile("testdata/infobip/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) { readAtEveryDesk(t, infobip{}, body) })
}

// readAtEveryDesk wants of what is taken that it has a number and content.
func readAtEveryDesk(t *testing.T, d dialect, body []byte) {
	t.Helper()
	for pattern, at := range d.desks() {
		m, problems := at.read(body)
		if len(problems) == 0 && (!isE164(m.to.E164()) || len(m.content) == 0 || (at.channel == sms) != (m.parts > 0)) {
			t.Errorf("%s: taken, though it is for %q, of %d parts, with content %q", pattern, m.to.E164(), m.parts, m.content)
		}
	}
}
