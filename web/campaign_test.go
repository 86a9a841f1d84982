package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/fallback"
)

// numbers are those of a text, without what groups their digits.
func numbers(text string) (list []int) {
	text = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(strings.NewReplacer("\u202f", "", "&nbsp;", " ").Replace(text), " ")
	for _, digits := range regexp.MustCompile(`\d+`).FindAllString(text, -1) {
		n, _ := strconv.Atoi(digits)
		list = append(list, n)
	}
	return list
}

// between is what stands in a page between two texts.
func between(t *testing.T, page, after, before string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, after)
	text, _, ended := strings.Cut(rest, before)
	if !found || !ended {
		t.Fatalf("the page has nothing between %q and %q:\n%s", after, before, page)
	}
	return text
}

// mixed is a campaign with somebody in many a phase.
func mixed(t *testing.T, change ...func(*settings)) *house {
	t.Helper()
	h := open(t, change...)
	h.running(1200)
	for i := range 3 {
		h.tell(i, fallback.OnTurn, fallback.OnClaim, fallback.OnAccepted)
	}
	h.tell(0, fallback.OnDelivered)
	h.tell(1, fallback.OnAlarm) // to the next leg
	for range 3 {
		h.tell(3, fallback.OnTurn, fallback.OnClaim, fallback.OnRefused)
	}
	return h
}

func TestTheCountsOfAPageAddUp(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	page := h.as(viewer).page("/campaigns/spring")
	books := numbers(between(t, page, `class="books"`, "</p>"))
	sum := 0
	for _, n := range books[1:] {
		sum += n
	}
	if books[0] != 1200 || sum != 1200 {
		t.Errorf("accepted %d = %v, which is %d", books[0], books[1:], sum)
	}
	for i, row := range strings.Split(between(t, between(t, page, "Leg by leg", "What came to a leg"), "<tbody>", "</tbody>"), "</tr>")[:3] {
		_, cells, _ := strings.Cut(row, `<td class="n">`)
		n := numbers(cells)
		if came, rest := n[0], n[1]+n[2]+n[3]+n[4]; came != rest || came != []int{1200, 2, 1}[i] {
			t.Errorf("leg %d: %d came and %d are told of: %v", i, came, rest, n)
		}
	}
	if !strings.Contains(page, "1\u202f200") {
		t.Error("the digits are not grouped")
	}
	for path, want := range map[string]string{"/": "spring", "/campaigns": "spring", "/campaigns?state=paused": "There is none"} {
		if page := h.as(viewer).page(path); !strings.Contains(page, want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
}

func TestAViewerHasNoButtonsAndSeesNoNumbers(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	b := h.as(viewer)
	for name, p := range places {
		if p.role > 2 || !strings.HasPrefix(name, "GET ") { // 2: a viewer
			continue
		}
		page := b.page(h.fill(p.address))
		if _, main, _ := strings.Cut(page, "<main"); strings.Contains(main, `method="post"`) {
			t.Errorf("%s has a form for a viewer", name)
		}
		if strings.Contains(page, "39340100") {
			t.Errorf("%s shows a viewer a whole number", name)
		}
	}
	if page := h.as(admin).page("/campaigns/spring/people"); !strings.Contains(page, "39340100") {
		t.Error("an admin sees no whole number")
	}
}

func TestWhatAnOperatorDoes(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	b := h.as(operator)
	state := func() string {
		r, err := h.client(viewer).Campaign(t.Context(), "spring")
		if err != nil {
			t.Fatal(err)
		}
		return r.State
	}
	do := func(what string, form url.Values, want int, said string) {
		t.Helper()
		got := b.post("/campaigns/spring/"+what, form)
		page := got.body
		if got.status == http.StatusSeeOther {
			page = b.page(got.header.Get("Location"))
		}
		if got.status != want || !strings.Contains(page, said) {
			t.Errorf("%s: %d, want %d and %q\n%s", what, got.status, want, said, page)
		}
	}
	why := url.Values{"why": {"a test"}}
	do("pause", nil, http.StatusUnprocessableEntity, "A reason is wanted")
	do("pause", why, http.StatusSeeOther, "Paused: nothing new is claimed")
	if state() != "paused" || strings.Contains(b.page("/campaigns/spring"), "Paused: nothing new") {
		t.Error("it is not paused, or that is said twice")
	}
	do("resume", why, http.StatusSeeOther, "goes on where it stopped")
	do("throttle", url.Values{"why": {"a test"}, "limits": {"50/1s 1000/1m"}}, http.StatusSeeOther, "50/1s, 1000/1m")
	do("throttle", url.Values{"why": {"a test"}, "limits": {"fast"}}, http.StatusUnprocessableEntity, "The limits cannot be read")
	do("throttle", url.Values{"why": {"a test"}, "limits": {""}}, http.StatusSeeOther, "no limit of its own")
	if page := b.page("/campaigns/spring/retry?phase=failed"); !strings.Contains(page, "Send 1 messages once more") {
		t.Errorf("the retry does not name its count:\n%s", page)
	}
	retry := b.hidden("/campaigns/spring/retry?phase=failed", "/campaigns/spring/retry")
	retry.Set("why", "a test")
	do("retry", retry, http.StatusSeeOther, "Sent once more: 1 messages")
	do("cancel", url.Values{"why": {"a test"}, "name": {"another"}}, http.StatusUnprocessableEntity, "not the campaign&#39;s")
	if state() != "running" {
		t.Errorf("it is %s", state())
	}
	do("cancel", url.Values{"why": {"a test"}, "name": {"spring"}}, http.StatusSeeOther, "Cancelled for ever")
	do("resume", why, http.StatusConflict, "cancelled, which is for ever")
	deeds, err := h.client(viewer).Audit(t.Context(), "", 0)
	if err != nil || len(deeds.Deeds) < 6 || deeds.Deeds[0].By != "crm" || deeds.Deeds[0].Why != "a test" {
		t.Errorf("the journal: %v\n%+v", err, deeds.Deeds)
	}
}

func TestARetryForNoReasonTakesOnlyThose(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	page := h.as(operator).page("/campaigns/spring/retry?phase=failed&reason=")
	if !strings.Contains(page, "There is nothing to retry") {
		t.Errorf("those without a reason are not told from others:\n%s", page)
	}
}

const hostile = `<script>alert("x")</script>'"&{{.}}`

func TestHostileTextsAreEscaped(t *testing.T) {
	t.Parallel()
	h := open(t)
	c, ctx := h.client(admin), t.Context()
	id := hostile
	file := fmt.Sprintf("campaign: %q\nroute:\n  - {channel: sms, account: qlara, text: %q}\nrecipients: {region: IT, columns: {destination: telefono}}\n", id, hostile+"{nome}")
	if _, err := c.CreateCampaignFile(ctx, []byte(file)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.UploadCSV(ctx, id, strings.NewReader("telefono,nome\n+393401000000,Ada\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.PauseLane(ctx, "qlara.sms", hostile); err != nil {
		t.Fatal(err)
	}
	b := h.as(admin)
	for _, path := range []string{"/", "/campaigns", "/campaigns?q=" + url.QueryEscape(hostile), "", "/file", "/people?reason=" + url.QueryEscape(hostile), "/failures", "/retry?reason=" + url.QueryEscape(hostile)} {
		if path == "" || !strings.HasPrefix(path, "/campaigns") && path != "/" {
			path = "/campaigns/" + url.PathEscape(id) + path
		}
		page := b.page(path)
		if strings.Contains(page, "<script>alert") || !strings.Contains(page, "&lt;script&gt;") {
			t.Errorf("%s shows a hostile text as it is", path)
		}
	}
	if got := b.post("/campaigns/"+url.PathEscape(id)+"/start", url.Values{"why": {hostile}, "accepted": {"1"}}); got.status != http.StatusSeeOther || strings.ContainsAny(got.header.Get("Location"), "<>\"") {
		t.Errorf("started: %d to %s", got.status, got.header.Get("Location"))
	}
}

func TestAPersonIsFoundByTheirNumber(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	b := h.as(operator)
	page := b.post("/find", url.Values{"destination": {person(3).E164()[3:]}, "region": {"it"}})
	if page.status != http.StatusOK || !strings.Contains(page.body, h.message(3).String()) || strings.Contains(page.body, person(3).E164()) {
		t.Errorf("found: %d\n%s", page.status, page.body)
	}
	if wrong := b.post("/find", url.Values{"destination": {"nonsense"}}); wrong.status != http.StatusUnprocessableEntity {
		t.Errorf("nonsense: %d", wrong.status)
	}
	story := h.as(viewer).page("/messages/" + h.message(3).String())
	for _, want := range []string{"the provider refused it", "closed as failed", "qlara.sms"} {
		if !strings.Contains(story, want) {
			t.Errorf("the story lacks %q:\n%s", want, story)
		}
	}
}

func TestFilesAreThoseOfTheAPI(t *testing.T) {
	t.Parallel()
	h := mixed(t)
	got := h.as(viewer).get("/campaigns/spring/export.csv")
	if lines := strings.Count(got.body, "\n"); lines != 1201 || strings.Contains(got.body, "39340100") || !strings.Contains(got.header.Get("Content-Disposition"), "spring.csv") {
		t.Errorf("%d lines, %v", lines, got.header)
	}
	if got := h.as(viewer).get("/campaigns/none/export.csv"); got.status != http.StatusNotFound || got.header.Get("Content-Disposition") != "" {
		t.Errorf("of a campaign that is not there: %d, %v", got.status, got.header)
	}
}
