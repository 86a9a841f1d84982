package main

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// What a person does in the browser. Elements are named by CSS selectors.

// visit goes to a page of the house.
func (c *chrome) visit(path string) {
	c.Helper()
	c.do("visit "+path, chromedp.Navigate(c.base+path))
}

// logIn logs in with a token, and comes to the overview.
func (c *chrome) logIn(token string) {
	c.Helper()
	c.visit("/login")
	c.do("log in", chromedp.SendKeys(chromedp.CSS(`input[name=token]`), token))
	c.press(`form.login button`)
	c.see("main", "Lanes")
}

// press presses a button or follows a link, and waits until the page after it is there.
func (c *chrome) press(selector string) {
	c.Helper()
	c.persist("press "+selector, func(within context.Context) error {
		_, err := chromedp.RunResponse(within, chromedp.Click(chromedp.CSS(selector)))
		return err
	})
}

// text is what a person reads in an element; "" if there is none.
func (c *chrome) text(selector string) string {
	c.Helper()
	text := evaluate[string](c, fmt.Sprintf(`(document.querySelector(%q)||{innerText:""}).innerText`, selector))
	return strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(text)
}

// see waits until an element says something, without a reload.
func (c *chrome) see(selector, want string) string {
	c.Helper()
	return c.until(fmt.Sprintf("%q in %s", want, selector), func() (string, bool) {
		text := c.text(selector)
		return text, strings.Contains(text, want)
	})
}

// until looks again and again.
func (c *chrome) until(what string, look func() (seen string, is bool)) string {
	c.Helper()
	deadline := time.After(stepWithin)
	for {
		seen, is := look()
		if is {
			return seen
		}
		select {
		case <-deadline:
			c.judge()
			c.Fatalf("%s does not come; there is:\n%s", what, seen)
		case <-time.After(50 * time.Millisecond): // look again
		}
	}
}

// evaluate asks the page.
func evaluate[T any](c *chrome, expression string) T {
	c.Helper()
	v, err := chromedp.Run(c.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		c.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// fill writes into fields of a form, by name within what the selector gives.
func (c *chrome) fill(form string, fields map[string]string) {
	c.Helper()
	for name, value := range fields {
		c.do("fill "+name, chromedp.SetValue(chromedp.CSS(fmt.Sprintf(`%s [name=%q]`, form, name)), value))
	}
}

// choose chooses a file for a form.
func (c *chrome) choose(field, path string) {
	c.Helper()
	c.do("choose "+path, chromedp.SetUploadFiles(chromedp.CSS(field), []string{path}))
}

// act opens what can be done, says why, and does it.
func (c *chrome) act(deed, why string, fields map[string]string) {
	c.Helper()
	form := fmt.Sprintf(`form[action$="/%s"]`, deed)
	c.do("open "+deed, chromedp.Click(chromedp.CSS(`details:has(`+form+`) > summary`)), chromedp.WaitVisible(chromedp.CSS(form+` button`)))
	c.fill(form, fields)
	c.do("say why", chromedp.SendKeys(chromedp.CSS(form+` [name=why]`), why))
	c.press(form + ` button`)
}

// number is a number as pages write it, after a word.
func number(c *chrome, text, after string) int {
	c.Helper()
	_, rest, found := strings.Cut(text, after)
	digits := regexp.MustCompile(`^\s*([0-9][0-9 ]*)`).FindStringSubmatch(rest)
	if !found || digits == nil {
		c.Fatalf("no number after %q in:\n%s", after, text)
	}
	n, _ := strconv.Atoi(strings.ReplaceAll(digits[1], " ", "")) // it has digits alone
	return n
}
