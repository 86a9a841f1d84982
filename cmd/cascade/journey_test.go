package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// A whole campaign, from the login to the export, by hand in a real browser, on a real
// Redis, worker and simulator.
func TestACampaignByHand(t *testing.T) {
	t.Parallel()
	needChrome(t)
	r := newRig(t, simulator.Scenario{})
	r.withToken()
	r.config = r.rewritten("limits: []\n    whatsapp: {phone_number_id: 5}", "limits: []\n    whatsapp: {phone_number_id: 5, limits: [500/1s]}")
	file := r.copy("primavera-excel.csv")
	r.serving(func(base string) {
		c := newChrome(t, base)
		defer c.end()
		c.logIn(rigSecret)
		accepted := c.prepare(file)
		c.watchIt(accepted)
		c.lookBack(accepted)
		for rec := range r.simulator.Log(0) {
			if rec.FullDestination == ownNumber && rec.CampaignID == "primavera" {
				t.Error("the test message was sent as one of the campaign's")
			}
		}
	})
}

const ownNumber = "+393471009999"

// prepare makes the campaign, and says how many people it has.
func (c *chrome) prepare(file string) (accepted int) {
	c.Helper()
	c.visit("/new")
	c.fill("form.panel", map[string]string{
		"name": "primavera", "region": "IT",
		"lane1": "qlara.whatsapp", "wait1": "10s", "template1": "42", "placeholders1": "nome, codiceSconto",
		"lane2": "qlara.sms", "wait2": "10s", "text2": "Ciao {nome}, il tuo sconto: {codiceSconto}",
	})
	c.press("form.panel button")
	c.see("main", "Nothing is in line")
	c.choose("input[name=recipients]", file)
	c.press(`form[action$="/recipients"] button`)
	c.see("main", "no column for destination")
	c.fill(`form[action$="/mapping"]`, map[string]string{"column:destination": "Cellulare", "column:scheduledDate": "Data invio"})
	c.press(`form[action$="/mapping"] button`)
	found := c.see("main", "Longest SMS")
	accepted = number(c, found, "rows: accepted")
	if all := accepted + number(c, found, "· rejected") + number(c, found, "· blank"); all != 5000 {
		c.Errorf("accepted, rejected and blank are %d of 5000 rows", all)
	}
	for _, want := range []string{"duplicate of line 4", "Ciao Andrea", "s at least, by "} {
		if !strings.Contains(found, want) {
			c.Errorf("the check does not say %q:\n%s", want, found)
		}
	}
	if strings.Contains(found, "3291000000") {
		c.Error("an operator sees a whole number in the preview")
	}
	draft := evaluate[string](c, "location.pathname")
	c.act("test", "to see it on my own phone", map[string]string{"number": ownNumber})
	c.see("main", "TEST")
	c.visit(draft) // it is where it was: in Redis
	c.act("enter", "the spring campaign", nil)
	c.see("main", "Imported")
	return accepted
}

// watchIt starts the campaign, sees its numbers move, pauses and resumes it, and waits for
// its end.
func (c *chrome) watchIt(accepted int) {
	c.Helper()
	const state = `[data-live=state]`
	c.act("start", "it is spring", nil)
	evaluate[bool](c, `window.marked = true`)
	seen := map[int]bool{}
	c.until("three different numbers without a reload", func() (string, bool) {
		text := c.text(state)
		c.balance(text, accepted)
		seen[number(c, text, "delivered")] = true
		return text, len(seen) > 2
	})
	if !evaluate[bool](c, `window.marked === true`) {
		c.Error("the page was loaded again: its numbers must move by themselves")
	}
	c.act("pause", "the shop is full", nil)
	c.see(state, "paused")
	c.balance(c.text(state), accepted)
	c.act("resume", "there is room again", nil)
	c.see("main", "goes on where it stopped")
	c.see(state, "finished")
	c.balance(c.text(state), accepted)
}

// balance adds the phases up.
func (c *chrome) balance(text string, accepted int) {
	c.Helper()
	line := regexp.MustCompile(`accepted ([0-9 ]+) = ([^\n]+)`).FindStringSubmatch(text)
	if line == nil {
		c.Fatalf("no line of books in:\n%s", text)
	}
	sum := 0
	for _, part := range strings.Split(line[2], " + ") {
		sum += number(c, part, strings.TrimRight(part, "0123456789 "))
	}
	if n := number(c, text, "accepted"); n != accepted || sum != accepted {
		c.Errorf("accepted %d, the phases add up to %d, want %d: %s", n, sum, accepted, line[0])
	}
}

// lookBack sees how long the provider took, opens a person's story, and saves the export.
func (c *chrome) lookBack(accepted int) {
	c.Helper()
	c.visit("/lanes/qlara.whatsapp")
	c.until("how long answers took", func() (string, bool) {
		text := c.text("main")
		return text, regexp.MustCompile(`[0-9]ms\s+95 of 100 answers`).MatchString(text)
	})
	c.visit("/campaigns/primavera/people")
	c.press(`main a[href^="/messages/"]`)
	c.see("main", "+39")
	c.visit("/campaigns/primavera/file")
	if text := c.text("main"); number(c, text, "all\t") != accepted {
		c.Errorf("the imports do not tell of %d people:\n%s", accepted, text)
	}
	folder := c.TempDir()
	if _, err := chromedp.CallBrowser(c.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder}); err != nil {
		c.Fatal(err)
	}
	c.visit("/campaigns/primavera")
	c.do("export", chromedp.Click(chromedp.CSS(`a[href$="/export.csv"]`)))
	c.until("the whole export", func() (string, bool) {
		text, err := os.ReadFile(filepath.Join(folder, "primavera.csv"))
		return string(text[:min(len(text), 200)]), err == nil && bytes.Count(text, []byte("\n")) == accepted+1
	})
}
