package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// None of five hundred texts that would be script runs in a real browser, whichever way it
// comes to a page: as a campaign's name or text, a reason, a column's header, a value, a
// provider's error, or a query; and the token's own name is one.
func TestHostileTextsStayTexts(t *testing.T) {
	t.Parallel()
	needChrome(t)
	texts := payloads()
	if testing.Short() {
		texts = texts[:25]
	}
	h := &hostile{T: t, texts: texts, rig: newRig(t, simulator.Scenario{})}
	h.furnish()
	h.rig.serving(func(base string) {
		var err error
		if h.client, err = client.New(client.Options{Server: base, Token: rigSecret, Patience: -1}); err != nil {
			t.Fatal(err)
		}
		h.enter()
		h.refused()
		var drafts []string
		for some := range slices.Chunk(texts, 125) {
			drafts = append(drafts, h.draft(some))
		}
		h.chrome = newChrome(t, base)
		defer h.chrome.end()
		h.chrome.logIn(rigSecret)
		h.look(drafts...)
		h.look("/new", "/", "/lanes", "/lanes/qlara.sms", "/campaigns/refused", "/campaigns/refused/failures")
		h.follow("/campaigns")
		h.follow("/audit")
		h.follow("/campaigns/refused/people")
		for i, text := range texts {
			id := url.PathEscape(text)
			h.look("/campaigns/" + id + "/file") // its name and its text
			if i%10 == 0 {
				h.look("/campaigns/"+id, "/campaigns?q="+url.QueryEscape(text), "/campaigns/"+id+"/people?reason="+url.QueryEscape(text), "/audit?by="+url.QueryEscape(text)+"&about="+url.QueryEscape(text))
			}
		}
	})
}

type hostile struct {
	*testing.T
	rig    *rig
	texts  []string
	client *client.Client
	chrome *chrome
}

// furnish adds a token with a hostile name, and an account whose provider refuses everybody
// with another text.
func (h *hostile) furnish() {
	var n atomic.Int64
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		text := h.texts[int(n.Add(1)-1)%len(h.texts)]
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"messageId": "m", "results": map[string]any{"sms": map[string]any{"accepted": false, "reasons": []string{text}}}})
	}))
	h.Cleanup(provider.Close)
	h.rig.config = h.rig.rewritten("accounts:\n", fmt.Sprintf(`tokens:
  - {name: %q, role: admin, token: %s}
accounts:
  hostile:
    provider: qlara
    base_url: %s/api
    api_key: test
    callback_secret: %s
    limits: []
    sms: {sender: MyBrand}
`, h.texts[7], rigSecret, provider.URL, rigSecret))
}

func (h *hostile) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// enter makes a campaign of each text, with a text of it, and pauses a lane because of it.
func (h *hostile) enter() {
	ctx := h.Context()
	for _, text := range h.texts {
		said := strings.NewReplacer("{", "{{", "}", "}}").Replace(text)
		file, err := json.Marshal(map[string]any{"campaign": text, "route": []any{map[string]any{"channel": "sms", "account": "qlara", "text": said, "max_parts": 9}}})
		h.must(err)
		_, err = h.client.CreateCampaignFile(ctx, file)
		h.must(err)
		_, err = h.client.PauseLane(ctx, "qlara.sms", text)
		h.must(err)
	}
}

// refused sends to as many people as there are texts, each refused with one.
func (h *hostile) refused() {
	ctx := h.Context()
	_, err := h.client.CreateCampaignFile(ctx, []byte("campaign: refused\nroute:\n  - {channel: sms, account: hostile, text: hi}\n"))
	h.must(err)
	var rows strings.Builder
	rows.WriteString("destination\n")
	for i := range h.texts {
		fmt.Fprintf(&rows, "+39347200%04d\n", i)
	}
	_, err = h.client.UploadCSV(ctx, "refused", strings.NewReader(rows.String()))
	h.must(err)
	_, err = h.client.Start(ctx, "refused", h.texts[0])
	h.must(err)
}

// draft is one whose file's headers and values are the texts, and gives its page.
func (h *hostile) draft(texts []string) string {
	ctx := h.Context()
	names, headers, values := make([]string, len(texts)), []string{"destination"}, []string{"+393471000100"}
	columns := map[string]string{}
	for i, text := range texts {
		names[i] = fmt.Sprintf("v%d", i)
		columns[names[i]] = text + fmt.Sprintf(" %d", i)
		headers, values = append(headers, columns[names[i]]), append(values, text)
	}
	file, err := json.Marshal(map[string]any{
		"campaign":   texts[1],
		"route":      []any{map[string]any{"channel": "whatsapp", "account": "qlara", "template": map[string]any{"id": 42, "placeholders": names}}},
		"recipients": map[string]any{"columns": columns},
	})
	h.must(err)
	d, err := h.client.NewDraft(ctx, file)
	h.must(err)
	var rows strings.Builder
	w := csv.NewWriter(&rows)
	w.Comma = ';'
	h.must(w.WriteAll([][]string{headers, values}))
	d, err = h.client.UploadDraft(ctx, d.ID, texts[3], strings.NewReader(rows.String()))
	h.must(err)
	if d.Check == nil || d.Check.Accepted != 1 {
		h.Fatalf("the draft's row is not accepted: %+v", d.Check)
	}
	return "/new/" + d.ID
}

// look opens pages; what a script would have done is seen at once.
func (h *hostile) look(paths ...string) {
	h.Helper()
	for _, path := range paths {
		h.chrome.visit(path)
		if evaluate[bool](h.chrome, `!!window.pwned || document.querySelectorAll("main script, main iframe, main object, main base, main img, main animate").length > 0`) {
			h.Errorf("%s runs or holds what a text brought", path)
		}
		if text := h.chrome.text("h1"); text == "" {
			h.Errorf("%s has no heading", path)
		}
	}
}

// follow looks at a list page by page.
func (h *hostile) follow(path string) {
	h.Helper()
	for range 30 {
		h.look(path)
		if path = evaluate[string](h.chrome, `(document.querySelector("a[rel=next]")||{getAttribute(){return ""}}).getAttribute("href")`); path == "" {
			return
		}
		if strings.HasPrefix(path, "?") {
			path = evaluate[string](h.chrome, "location.pathname") + path
		}
	}
}
