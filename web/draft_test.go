package web_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-438792ba/cascade/fallback"
)

// form is a request with a form as browsers send one that has a file; a field that begins
// with @ is the file of that name.
func (b *browser) form(path string, fields map[string]string) *http.Request {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		part, err := w.CreateFormField(name)
		if file, is := strings.CutPrefix(name, "@"); is {
			part, err = w.CreateFormFile(file, "people.csv")
		}
		if err == nil {
			_, err = part.Write([]byte(value))
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, b.url+path, &body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// A campaign is made with plain forms alone.
func TestACampaignWithoutScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(operator)
	made := b.send(b.form("/new", map[string]string{
		"name": "summer", "region": "IT", "start": "2099-07-01T09:00", "zone": "Europe/Rome",
		"lane1": "qlara.whatsapp", "wait1": "30m", "template1": "42", "placeholders1": "nome", "lane3": "qlara.sms", "text3": "Ciao {nome} ✓",
	}))
	at := made.header.Get("Location")
	if made.status != http.StatusSeeOther || !strings.HasPrefix(at, "/new/") {
		t.Fatalf("the form: %d to %q\n%s", made.status, at, made.body)
	}
	if page := b.page(at); !strings.Contains(page, "2099-07-01 07:00 UTC") || !strings.Contains(page, "qlara.sms") {
		t.Errorf("the draft:\n%s", page)
	}
	if nothing := b.send(b.form(at+"/recipients", map[string]string{"x": "y"})); nothing.status != http.StatusUnprocessableEntity {
		t.Errorf("without a file: %d", nothing.status)
	}
	b.send(b.form(at+"/recipients", map[string]string{"@recipients": "nome;cellulare\nAda;3471000001\nBob;12\nCy;3471000001\n"}))
	if page := b.page(at); !strings.Contains(page, "no column for destination") || !strings.Contains(page, `<option>cellulare</option>`) {
		t.Errorf("with a column that is not found:\n%s", page)
	}
	b.post(at+"/mapping", url.Values{"region": {"it"}, "column:destination": {"cellulare"}, "column:nome": {"nome"}})
	page := b.page(at)
	for _, want := range []string{"accepted <b>1</b> · rejected <b>2</b>", "duplicate of line 2", "(U&#43;2713) forces UCS-2", "Ciao Ada ✓", "Import 1 people"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of the draft lacks %q:\n%s", want, page)
		}
	}
	if strings.Contains(page, "3471000001") {
		t.Error("an operator sees a whole number")
	}
	if whole := h.as(admin).page(at); !strings.Contains(whole, "&#43;393471000001") {
		t.Error("an admin does not see the number")
	}
	if rejects := b.page(at + "/rejects.csv"); strings.Count(rejects, "\n") != 3 {
		t.Errorf("the rejects:\n%s", rejects)
	}
	if got := b.post(at+"/enter", nil); got.status != http.StatusUnprocessableEntity {
		t.Errorf("entered without a reason: %d", got.status)
	}
	stale := b.form(at+"/recipients", map[string]string{"@recipients": "nome;cellulare\nDan;3471000009\n"})
	seen := b.hidden(at, at+"/enter")
	b.send(stale)
	seen.Set("why", "summer")
	if got := b.post(at+"/enter", seen); got.status != http.StatusConflict {
		t.Errorf("entered another file than was shown: %d\n%s", got.status, got.body)
	}
	if got := b.post(at+"/enter", url.Values{"why": {"summer"}}); got.status != http.StatusConflict {
		t.Errorf("entered by a form that shows nothing: %d", got.status)
	}
	seen = b.hidden(at, at+"/enter")
	seen.Set("why", "summer")
	if got := b.post(at+"/enter", seen); got.header.Get("Location") != "/campaigns/summer" {
		t.Errorf("entered: %d to %q\n%s", got.status, got.header.Get("Location"), got.body)
	}
	if page := b.page("/campaigns/summer"); !strings.Contains(page, "ready") || !strings.Contains(page, "1 messages may be sent") {
		t.Errorf("the campaign:\n%s", page)
	}
}

func TestAnotherSiteMakesNoCampaign(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	b := h.as(operator)
	for _, path := range []string{"/new", "/new/" + h.draft + "/recipients", "/new/" + h.draft + "/enter", "/new/" + h.draft + "/test"} {
		r := b.form(path, map[string]string{"name": "x"})
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		if got := b.send(r); got.status != http.StatusForbidden {
			t.Errorf("%s from another site's page: %d", path, got.status)
		}
	}
}

// hidden is what a form brings back of the page on which it stands.
func (b *browser) hidden(at, action string) url.Values {
	b.t.Helper()
	form := between(b.t, b.page(at), `action="`+action+`"`, "</form>")
	fields := url.Values{}
	for _, found := range regexp.MustCompile(`type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
		fields.Add(found[1], html.UnescapeString(found[2]))
	}
	return fields
}

func TestADraftIsForgottenForAReason(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	b, at := h.as(operator), "/new/"+h.draft
	if got := b.post(at+"/drop", nil); got.status != http.StatusUnprocessableEntity {
		t.Errorf("forgotten without a reason: %d", got.status)
	}
	b.page(at)
	if got := b.post(at+"/drop", url.Values{"why": {"another campaign"}}); got.header.Get("Location") != "/new" {
		t.Errorf("forgotten: %d to %q", got.status, got.header.Get("Location"))
	}
	if page := h.as(admin).page("/audit"); !strings.Contains(page, "another campaign") {
		t.Error("the journal does not have the reason")
	}
}

// What a colleague did between a look and a press is not done unseen.
func TestWhatWasShownIsWhatIsDone(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	b := h.as(operator)
	h.tell(4, fallback.OnTooLate)
	at := "/campaigns/spring/retry"
	seen := b.hidden(at, at)
	seen.Set("why", "they asked for it")
	h.tell(5, fallback.OnTooLate) // later than what was shown: none of its business
	if got := b.post(at, seen); got.status != http.StatusSeeOther {
		t.Errorf("retried what was shown: %d\n%s", got.status, got.body)
	}
	if got := b.post(at, seen); got.status != http.StatusConflict {
		t.Errorf("retried what another has retried: %d", got.status)
	}
	ctx, c := t.Context(), h.client(operator)
	if _, err := c.CreateCampaignFile(ctx, []byte(strings.Replace(spring, "spring", "autumn", 1))); err != nil {
		t.Fatal(err)
	}
	load := func(text string) {
		if _, err := c.UploadCSV(ctx, "autumn", strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	load("telefono;nome\n3471000001;Ada\n")
	start := b.hidden("/campaigns/autumn", "/campaigns/autumn/start")
	start.Set("why", "it is time")
	load("telefono;nome\n3471000002;Bob\n")
	if got := b.post("/campaigns/autumn/start", start); got.status != http.StatusConflict {
		t.Errorf("started with more than was shown: %d", got.status)
	}
	start = b.hidden("/campaigns/autumn", "/campaigns/autumn/start")
	start.Set("why", "it is time")
	if got := b.post("/campaigns/autumn/start", start); got.status != http.StatusSeeOther {
		t.Errorf("started: %d\n%s", got.status, got.body)
	}
}

// endless is a form that goes on for much longer than is taken, and counts what was.
type endless struct {
	part  string
	taken atomic.Int64 // who sends may still read when the answer is there
}

func (e *endless) Read(p []byte) (int, error) {
	taken := int(e.taken.Load())
	if taken > 64<<20 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) {
		at := (taken + n) % len(e.part)
		n += copy(p[n:], e.part[at:])
	}
	e.taken.Add(int64(n))
	return n, nil
}

// A form that no page of ours sends is given up soon.
func TestAFormWithoutEndIsGivenUp(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(1)
	b := h.as(operator)
	const most = 8 << 20 // what lies in the sockets on the way counts as taken
	field := "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n"
	for _, path := range []string{"/new", "/new/" + h.draft + "/recipients"} {
		for what, part := range map[string]string{"fields": field + "\r\n", "a field": field + strings.Repeat("x", 64<<20)} {
			body := &endless{part: part}
			r, err := http.NewRequest(http.MethodPost, b.url+path, body)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			got := b.send(r)
			if taken := body.taken.Load(); got.status != http.StatusUnprocessableEntity || taken > most {
				t.Errorf("%s of endless %s: %d after %d bytes", path, what, got.status, taken)
			}
		}
	}
}
