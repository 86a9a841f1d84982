package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
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
	if got := b.post(at+"/enter", url.Values{"why": {"summer"}}); got.header.Get("Location") != "/campaigns/summer" {
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
