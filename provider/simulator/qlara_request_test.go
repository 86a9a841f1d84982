package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

// with changes a documented request. A nil value takes the field out.
func with(request map[string]any, field string, value any) map[string]any {
	out := maps.Clone(request)
	if value == nil {
		delete(out, field)
	} else {
		out[field] = value
	}
	return out
}

func TestWhatIsAgainstTheContractIsRefused(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	template := example(t, "whatsapp-send-template-request")
	rcsText := example(t, "rcs-send-text-request")
	smsText := example(t, "sms-send-request")
	object := func(kv ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return m
	}
	for _, c := range []struct {
		ch     campaign.Channel
		body   any
		reason string
	}{
		{wa, with(template, "destination", nil), "destination: is missing"},
		{wa, with(template, "destination", "393401234567"), "destination: want a plus"},
		{wa, with(template, "destination", "+39 340 123"), "destination: want a plus"},
		{wa, with(template, "destination", "+0340123456"), "destination: want a plus"},
		{wa, with(template, "phoneNumberId", "5"), "phoneNumberId: want an integer"},
		{wa, with(template, "phoneNumberId", 5.5), "phoneNumberId: want an integer"},
		{wa, with(template, "phoneNumberId", nil), "phoneNumberId: is missing"},
		{wa, with(template, "template", nil), "body: want exactly one of template, body"},
		{wa, with(template, "body", object("text", object("body", "x"))), "want exactly one of template, body"},
		{wa, with(template, "template", object("id", "42")), "template.id: want an integer"},
		{wa, with(template, "template", object("name", "promo")), "template.name: no such field"},
		{wa, with(template, "placeholders", object("nome", 3)), "placeholders.nome: want a text"},
		{wa, with(template, "placeholders", []any{"Mario"}), "placeholders: want an object"},
		{wa, with(template, "enableNotification", "true"), "enableNotification: want true or false"},
		{wa, with(template, "campaignId", strings.Repeat("c", 256)), "campaignId: want 1 to 255"},
		{wa, with(template, "messageId", ""), "messageId: want a text"},
		{wa, with(template, "scheduledDate", "2025-10-01T09:00:00Z"), "scheduledDate: want a date"},
		{wa, with(template, "Destination", "+393401234567"), "Destination: no such field"},
		{wa, with(template, "fallbackRcs", object("agentId", 1, "templateId", 10)), "fallbackSms: is needed with fallbackRcs"},
		{wa, with(template, "fallbackSms", object("sender", "MyBrand")), "fallbackSms.text: is missing"},
		{wa, with(with(template, "template", nil), "body", "Ciao"), "body: want an object"},
		{wa, with(with(template, "template", nil), "body", object()), "body: want exactly one of text"},
		{wa, with(with(template, "template", nil), "body", object("image", object("url", "u", "key", "k"))), "body.image: want exactly one of url, key"},
		{wa, with(with(template, "template", nil), "body", object("audio", object("url", "u", "caption", "c"))), "body.audio.caption: no such field"},
		{wa, with(with(template, "template", nil), "body", object("location", object("latitude", 45.1, "longitude", "9.2"))), "body.location.latitude: want a decimal"},
		{rcs, with(rcsText, "type", nil), "type: is needed with body"},
		{rcs, with(rcsText, "type", "text"), "type: want one of TEXT"},
		{rcs, with(rcsText, "templateId", 10), "want exactly one of templateId, body"},
		{rcs, with(rcsText, "agentId", nil), "agentId: is missing"},
		{rcs, with(rcsText, "body", object("text", "")), "body.text: want a text"},
		{rcs, with(rcsText, "body", object("text", "x", "suggestions", []any{object("type", "call", "text", "y")})), "body.suggestions[].type: want one of"},
		{rcs, with(rcsText, "phoneNumberId", 5), "phoneNumberId: no such field"},
		{sms, with(smsText, "sender", nil), "sender: is missing"},
		{sms, with(smsText, "sender", "TwelveLetter"), "sender: want up to 11"},
		{sms, with(smsText, "body", ""), "body: want a text"},
		{sms, with(smsText, "body", object("text", "Ciao")), "body: want a text"},
		{sms, with(smsText, "template", object("id", 42)), "template: no such field"},
		{sms, []any{smsText}, "body: want an object"},
	} {
		a := w.must("POST", path(c.ch), marshal(t, c.body))
		if reasons := fmt.Sprint(a.JSON["reasons"]); a.Status != 400 || !strings.Contains(reasons, c.reason) {
			t.Errorf("%s %s: %d %s, want 400 and %q", c.ch, marshal(t, c.body), a.Status, reasons, c.reason)
		}
	}
	if got := w.sim.Stats().Answers["qlara.sms"]; got["taken_as_new"] != 0 || got["malformed"] != 6 {
		t.Errorf("SMS: %v, want 6 malformed and none taken", got)
	}
}

func TestAllProblemsAreNamedAtOnceAndNoneQuotesTheRequest(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	a := w.must("POST", path(wa), []byte(`{"destination":"3401234567","phoneNumberId":"5","tmplate":{"id":42}}`))
	if got := len(a.JSON["reasons"].([]any)); got != 4 {
		t.Errorf("%d reasons, want 4: %v", got, a.JSON["reasons"])
	}
	if text := fmt.Sprint(a.JSON); strings.Contains(text, "3401234567") {
		t.Errorf("the answer quotes the number: %s", text)
	}
}

func TestRequestsThatAreNoJSON(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	good := order(sms, number("7777"), "m-1")
	as := func(ct string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Type", ct) }
	}
	for name, c := range map[string]struct {
		body []byte
		ct   string
		want int
	}{
		"no JSON":            {[]byte("{"), "application/json", 400},
		"two values":         {append(slices.Clone(good), '1'), "application/json", 400},
		"another type":       {good, "text/plain", 415},
		"too large":          {order(sms, number("7777"), "m", "body", strings.Repeat("a", longest)), "application/json", 413},
		"charset is allowed": {good, "application/json; charset=utf-8", 200},
	} {
		if a := w.must("POST", path(sms), c.body, as(c.ct)); a.Status != c.want {
			t.Errorf("%s: %d, want %d", name, a.Status, c.want)
		}
	}
}

func FuzzQlaraRead(f *testing.F) {
	for _, name := range []string{"whatsapp-send-template", "rcs-send-text", "sms-send"} {
		b, err := os.ReadFile("testdata/qlara/" + name + "-request.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, ch := range campaign.Channels() {
			m, problems := qlara{}.read(ch, body)
			if len(problems) > 0 {
				continue
			}
			if !isE164(m.to.E164()) || !json.Valid(m.content) || (ch == sms) != (m.parts > 0) {
				t.Errorf("%s: taken, though %d parts, content %q", ch, m.parts, m.content)
			}
		}
	})
}
