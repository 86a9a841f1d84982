package simulator

import (
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// kaleyraExample is a documented request with digits for its dots. Forms stand in an
// envelope.
func kaleyraExample(t *testing.T, name, path string) parcel {
	t.Helper()
	digits := strings.NewReplacer("XXXXXXXXXXXX", "+393401237777", "X", "7")
	o := exampleOf(t, "kaleyra", name)
	form, isForm := o["form"].(map[string]any)
	if !isForm {
		o["to"] = []any{digits.Replace(word(o, "to"))}
		return jsonParcel(path, o)
	}
	var kv []string
	for name := range form {
		kv = append(kv, name, digits.Replace(word(form, name)))
	}
	return formParcel(path, kv...)
}

func TestKaleyraTakesItsDocumentedRequests(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	for name, path := range map[string]string{
		"whatsapp-text-request": "/v1/HX/messages", "whatsapp-template-request": "/v1/HX/messages",
		"whatsapp-sandbox-template-request": "/v1/HX/messages", "sms-request": "/v1/HX/sms", "rcs-text-request": "/v1/HX/rcs/messages",
	} {
		if a := w.by(kaleyraCaller, kaleyraExample(t, name, path)); a.Status != 200 {
			t.Errorf("%s: %d %s, want 200", name, a.Status, a.Text)
		}
	}
}

func TestKaleyraAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Now: newClock().Now})
	for _, ch := range campaign.Channels() {
		a := w.by(kaleyraCaller, kaleyraRequest(ch, number("7777"), "m-1"))
		documented := exampleOf(t, "kaleyra", "whatsapp-response")
		wantShape(t, ch.String(), documented, a.JSON, "id", "type", "body", "createdDateTime", "totalCount", "data[].message_id", "data[].recipient")
		id, recipient := word(a.JSON, "data", "message_id"), word(a.JSON, "data", "recipient")
		if id != word(a.JSON, "id")+":0" || recipient != "393401237777" || word(a.JSON, "createdDateTime") != "2026-12-01 09:00:00+00:00" {
			t.Errorf("%s: answered %s", ch, a.Text)
		}
		if e, there := a.JSON["error"].(map[string]any); !there || len(e) != 0 {
			t.Errorf("%s: error is %v, want an empty object", ch, a.JSON["error"])
		}
	}
	refused := w.by(kaleyraCaller, kaleyraRequest(wa, number("0001"), "m-2"))
	wantShape(t, "refused", exampleOf(t, "kaleyra", "whatsapp-error-response"), refused.JSON, "error.to")
}

func TestKaleyraReportsByGET(t *testing.T) {
	t.Parallel()
	for tail, want := range map[string][]string{
		"0014": {"sent", "delivered", "read"}, "0013": {"sent", "0"},
	} {
		w := start(t, Options{})
		a := w.by(kaleyraCaller, kaleyraRequest(wa, number(tail), "m-1"))
		w.drain()
		var got []string
		for _, c := range w.receiver.all() {
			got = append(got, c.Query.Get("status"))
			if c.Method != "GET" || len(c.Query) != 2 || c.Query.Get("id") != word(a.JSON, "data", "message_id") {
				t.Errorf("%s: %s %v, want a GET with id and status", tail, c.Method, c.Query)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: heard %q, want %q", tail, got, want)
		}
	}
	for _, name := range []string{"whatsapp-status-callback", "whatsapp-failed-callback"} {
		if q, _ := exampleOf(t, "kaleyra", name)["query"].(map[string]any); len(q) != 2 || !strings.HasSuffix(word(q, "id"), ":0") {
			t.Errorf("%s is no longer what is played: %v", name, q)
		}
	}
}

func TestKaleyraReportsAsAProfileSays(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{"IN_09b3dfa7": jsonMedia, "form-1": formMedia} {
		w := start(t, Options{})
		w.by(kaleyraCaller, kaleyraRequest(sms, number("7777"), "m-1", "callback_profile_id", profile))
		w.drain()
		for i, status := range []string{"Sent", "Delivered"} {
			c := w.receiver.all()[i]
			got := []string{word(c.JSON, "status") + c.Form.Get("status"), word(c.JSON, "ref") + c.Form.Get("ref")}
			if c.Method != "POST" || c.ContentType != want || !slices.Equal(got, []string{status, "m-1"}) {
				t.Errorf("%s: %s %s %v, want a POST as %s of %s and m-1", profile, c.Method, c.ContentType, got, want, status)
			}
		}
	}
}

func TestKaleyraInboundIsAGET(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Now: func() time.Time { return time.Unix(1603914166, 0) }})
	w.by(kaleyraCaller, kaleyraRequest(wa, number("0012"), "m-1", "callback_profile_id", "IN_1"))
	w.drain()
	got := w.receiver.all()[2]
	want := url.Values{"created_at": {"1603914166"}, "type": {"text"}, "from": {"393401230012"}, "name": {"Person"}, "body": {"STOP"}}
	if got.Method != "GET" || got.Query.Encode() != want.Encode() {
		t.Errorf("%s %v, want a GET of %v", got.Method, got.Query, want)
	}
	documented, _ := exampleOf(t, "kaleyra", "whatsapp-inbound-callback")["query"].(map[string]any)
	for name := range documented {
		if !got.Query.Has(name) {
			t.Errorf("%s is documented and missing", name)
		}
	}
}

func TestKaleyraHoldsToItsContract(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	text := []string{"type", "text", "body", "Ciao", "template_name", "", "params", "", "lang_code", ""}
	for _, c := range []struct {
		ch   campaign.Channel
		kv   []string // put over a valid request; "" takes the field out
		want string
	}{
		{wa, []string{"to", "393401237777"}, "to: E13009"},
		{wa, []string{"to", "+393401237777,+393401237778"}, "to: E13009"},
		{wa, []string{"from", "MyBrand"}, "from: E13008"},
		{wa, []string{"channel", ""}, "channel: is missing"},
		{wa, []string{"channel", "WhatsApp"}, "channel: want one of whatsapp"},
		{wa, []string{"type", "Template"}, "type: want one of"},
		{wa, []string{"template_name", ""}, "template_name: is needed with type"},
		{wa, []string{"params", "Mario,,x"}, "params: want a text without"},
		{wa, []string{"params", "Mario\nRossi"}, "params: want a text without"},
		{wa, []string{"params", "<b>Mario</b>"}, "params: E413"},
		{wa, []string{"ref1", strings.Repeat("r", 256)}, "ref1: want 0 to 255"},
		{wa, []string{"language", "it"}, "language: no such field"},
		{wa, append([]string{"template_name", "promo"}, text[:4]...), "body: want exactly one of body, template_name"},
		{wa, append(slices.Clone(text), "body", ""), "body: is needed with type"},
		{wa, []string{"callback_url", "http://a", "callback_profile_id", "b"}, "body: want at most one of callback_url"},
		{wa, []string{"type", "media"}, "body: want exactly one of media_url, media"},
		{sms, []string{"to", "3401237777"}, "to: E13009"},
		{sms, []string{"sender", ""}, "sender: is missing"},
		{sms, []string{"type", "marketing"}, "type: want one of MKT"},
		{sms, []string{"body", ""}, "body: is missing"},
		{sms, []string{"from", "MyBrand"}, "from: E13008: no such field"},
		{sms, []string{"time", "2026-12-01 09:00:00"}, "time: want a date"},
		{sms, []string{"sender", "<i>"}, "sender: E413"},
	} {
		p := kaleyraRequest(c.ch, number("7777"), "m-1")
		form, _ := url.ParseQuery(string(p.body))
		for i := 0; i < len(c.kv); i += 2 {
			if form.Set(c.kv[i], c.kv[i+1]); c.kv[i+1] == "" {
				form.Del(c.kv[i])
			}
		}
		p.body = []byte(form.Encode())
		a := w.by(kaleyraCaller, p)
		field, what := placed(c.want)
		if got := word(a.JSON, "error", field); a.Status != 400 || !strings.HasPrefix(got, what) {
			t.Errorf("%s %q: %d %s, want 400 and %q", c.ch, c.kv, a.Status, a.Text, c.want)
		}
	}
	w.by(kaleyraCaller, formParcel("/v1/HX/messages", "to", number("7777"), "from", "+393209998877", "channel", "whatsapp",
		"type", "text", "body", "1 < 2 <b>"))
	if got := w.sim.Stats().Answers["kaleyra.whatsapp"]["taken_as_new"]; got != 1 {
		t.Errorf("%d were taken, want the one with HTML in its text", got)
	}
}

func TestKaleyraWantsFormsAndForRCSJSON(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	form, body := kaleyraRequest(wa, number("7777"), "m-1"), kaleyraRequest(rcs, number("7777"), "m-1")
	for _, c := range []struct {
		name string
		p    parcel
		want int
	}{
		{"WhatsApp as JSON", parcel{form.path, jsonMedia, body.body}, 415},
		{"RCS as a form", parcel{body.path, formMedia, form.body}, 415},
		{"no form", parcel{form.path, formMedia, []byte("to=%zz")}, 400},
		{"a field twice", parcel{form.path, formMedia, append(slices.Clone(form.body), "&to=%2B39340"...)}, 400},
		{"an RCS number with a plus", jsonParcel(body.path, map[string]any{"from": "a", "to": []string{number("7777")}, "text": "x"}), 400},
		{"RCS to two", jsonParcel(body.path, map[string]any{"from": "a", "to": []string{"393401237777", "393401237778"}, "text": "x"}), 400},
		{"RCS without content", jsonParcel(body.path, map[string]any{"from": "a", "to": []string{"393401237777"}}), 400},
	} {
		if a := w.by(kaleyraCaller, c.p); a.Status != c.want {
			t.Errorf("%s: %d %s, want %d", c.name, a.Status, a.Text, c.want)
		}
	}
	if a := w.must("GET", form.path+"?"+string(form.body), nil, kaleyraCaller.sign); a.Status != 404 {
		t.Errorf("the GET form: %d, want 404", a.Status)
	}
}

// Without an idempotency key the same reference is taken twice, under two ids.
func TestKaleyraAndWABTakeTheSameReferenceTwice(t *testing.T) {
	t.Parallel()
	for _, c := range []caller{kaleyraCaller, wabCaller} {
		w := start(t, Options{})
		first, again := w.by(c, c.order(wa, number("7777"), "m-1")), w.by(c, c.order(wa, number("7777"), "m-1"))
		if !c.accepted(wa, again) || string(first.Text) == string(again.Text) {
			t.Errorf("%s: answered %s, and again %s: want two ids", c.name, first.Text, again.Text)
		}
		for range 2 {
			w.by(c, c.order(sms, number("7777"), ""))
		}
		w.by(c, c.order(sms, number("7778"), ""))
		wantAnswers(t, w, "taken_as_new", "duplicate", "taken_as_new", "duplicate", "taken_as_new")
	}
}

func FuzzKaleyraRead(f *testing.F) {
	f.Add([]byte("to=%2B393401237777&from=%2B393209998877&type=text&channel=whatsapp&body=Ciao"))
	f.Add([]byte("to=%2B393401237777&sender=MyBrand&type=MKT&body=Ciao"))
	b, err := os.ReadFile("testdata/kaleyra/rcs-text-request.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, body []byte) { readAtEveryDesk(t, kaleyra{}, body) })
}
