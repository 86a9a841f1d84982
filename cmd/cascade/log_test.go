package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/ratelimit"
)

// What no type masks, the log does: for people and for machines.
func TestTheLogTellsNoNumber(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{false, true} {
		var b bytes.Buffer
		p := &program{errs: &b, terminal: terminal, env: func(string) (string, bool) { return "1", true }}
		lane := campaign.Lane{Account: "qlara", Channel: campaign.SMS}
		p.log().Warn("the provider says: +39 340 123 4567 is no mobile", "lane", lane, "scope", ratelimit.Lane(lane), "url", "redis://me:hunter2@redis:6379", "message", "03d473df-0d00-8048-94b4-27f6f29528e6")
		line := b.String()
		for _, wrong := range []string{"123 4567", "hunter2", "Account"} {
			if strings.Contains(line, wrong) {
				t.Errorf("%q is told: %s", wrong, line)
			}
		}
		for _, right := range []string{"qlara.sms", "03d473df-0d00-8048-94b4-27f6f29528e6"} {
			if !strings.Contains(line, right) {
				t.Errorf("%q is not told: %s", right, line)
			}
		}
	}
}
