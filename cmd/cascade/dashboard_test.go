package main

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// Every page is looked at in a real browser, which complains of nothing.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	needChrome(t)
	r := newRig(t, simulator.Scenario{})
	r.withToken()
	r.serving(func(base string) {
		c := newChrome(t, base)
		defer c.end()
		c.logIn(rigSecret)
		for _, path := range []string{"/campaigns", "/find", "/lanes", "/lanes/qlara.whatsapp", "/queues", "/queues/", "/workers", "/suppressions", "/audit"} {
			c.visit(path)
			c.see("body", "")
		}
	})
}
