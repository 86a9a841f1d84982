package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// screensVariable names the folder that pictures of every page are written to.
const screensVariable = "CASCADE_SCREENS"

// Every page fits into a telephone's width and into a desk's, in light and in dark. With
// CASCADE_SCREENS=FOLDER each is also written there as a picture; see `make screens`.
func TestPagesFit(t *testing.T) {
	t.Parallel()
	needChrome(t)
	r := newRig(t, simulator.DefaultScenario())
	r.withToken()
	r.config = r.rewritten("limits: []\n    whatsapp: {phone_number_id: 5}", "limits: [400/1s]\n    whatsapp: {phone_number_id: 5, limits: [200/1s]}")
	file := r.copy("primavera-excel.csv")
	r.serving(func(base string) {
		c := newChrome(t, base)
		defer c.end()
		c.shoot("login", "/login")
		c.logIn(rigSecret)
		c.shoot("new", "/new")
		c.prepare(file)
		c.visit("/new")
		c.fill("form.panel", map[string]string{"yaml": "campaign: autunno\nroute:\n  - {channel: sms, account: qlara, text: \"Ciao {nome} {codiceSconto} ✓\"}\nrecipients: {region: IT, columns: {destination: Cellulare}}\n"})
		c.press("form.panel button")
		c.choose("input[name=recipients]", file)
		c.press(`form[action$="/recipients"] button`)
		c.shoot("draft", evaluate[string](c, "location.pathname"))
		c.visit("/campaigns/primavera")
		c.act("start", "it is spring", nil)
		c.until("a good part of it", func() (string, bool) {
			text := c.text(`[data-live=state]`)
			return text, number(c, text, "delivered") > 1500
		})
		for name, path := range map[string]string{
			"overview": "/", "campaigns": "/campaigns", "campaign": "/campaigns/primavera", "people": "/campaigns/primavera/people",
			"failures": "/campaigns/primavera/failures", "file": "/campaigns/primavera/file", "find": "/find",
			"lanes": "/lanes", "lane": "/lanes/qlara.whatsapp", "queues": "/queues", "workers": "/workers", "suppressions": "/suppressions", "audit": "/audit",
		} {
			c.shoot(name, path)
		}
		c.visit("/queues/") // asynq's own, as it is: it must complain of nothing
		c.visit("/campaigns/primavera/people?phase=delivered")
		c.press(`main a[href^="/messages/"]`)
		c.shoot("message", evaluate[string](c, "location.pathname"))
	})
}

// shoot looks at a page in every form.
func (c *chrome) shoot(name, path string) {
	c.Helper()
	for _, width := range []int64{1440, 390} {
		c.do("take the width", chromedp.EmulateViewport(width, 900))
		for _, scheme := range []string{"light", "dark"} {
			call(c, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
			c.visit(path)
			if over := evaluate[string](c, tooWide); over != "" {
				c.Errorf("%s is wider than %d: %s", path, width, over)
			}
			if dim := evaluate[string](c, tooDim); dim != "" {
				c.Errorf("%s in %s cannot be read well: %s", path, scheme, dim)
			}
			if folder := os.Getenv(screensVariable); folder != "" {
				picture, err := chromedp.Run(c.ctx, chromedp.FullScreenshot(100))
				if err == nil {
					err = os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), picture, 0o644)
				}
				if err != nil {
					c.Fatal(err)
				}
			}
		}
	}
	c.do("go back to a desk's width", chromedp.ResetViewport())
}

// tooWide names an element that makes the page wider than the window, unless it is one that
// scrolls by itself.
const tooWide = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth <= width) return "";
	for (const e of document.querySelectorAll("body *")) {
		if (e.getBoundingClientRect().right > width + 1 && !e.closest(".wide, pre, .skip")) return e.outerHTML.slice(0, 200);
	}
	return "something";
})()`

// tooDim names a text whose contrast with what is behind it is below 4.5, as WCAG 2 counts.
const tooDim = `(() => {
	const parts = (c) => (c.match(/[\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; }
		return parts(getComputedStyle(document.documentElement).backgroundColor).length ? [255, 255, 255] : [0, 0, 0];
	};
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.closest("svg, .skip, option, [hidden]") || !e.checkVisibility()) continue;
		const [a, b] = [light(parts(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		if ((a + .05) / (b + .05) < 4.5) return ((a + .05) / (b + .05)).toFixed(1) + " " + e.outerHTML.slice(0, 160);
	}
	return "";
})()`
