package queuemon_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/store/redistest"
)

func TestThePageAsksNoOtherHost(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	base := open(t, client)
	for _, view := range []string{"", "queues/qlara.whatsapp", "servers"} {
		got := ask(t, "GET", base+"/queues/"+view, true)
		if outer := regexp.MustCompile(`(?:https?:)?//[a-z.]+\.[a-z]+/`).FindString(got.body); outer != "" {
			t.Errorf("%q names %s", view, outer)
		}
		if !strings.Contains(got.body, "static/js/main") {
			t.Errorf("%q is not asynqmon's page: %s", view, got.body)
		}
	}
}

func TestThePolicyAllowsThePageAndNoMore(t *testing.T) {
	t.Parallel()
	_, client := redistest.Mini(t)
	base := open(t, client)
	got := ask(t, "GET", base+"/queues/", true)
	policy := got.header.Get("Content-Security-Policy")
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(got.body, -1)
	if len(scripts) != 2 {
		t.Errorf("the page holds %d scripts of its own, want 2", len(scripts))
	}
	for _, s := range scripts {
		sum := sha256.Sum256([]byte(s[1]))
		if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("the policy %s lacks %s", policy, want)
		}
	}
	nonce := regexp.MustCompile(`<meta property="csp-nonce" content="(\w{20,})"/>`).FindStringSubmatch(got.body)
	if nonce == nil || !strings.Contains(policy, "style-src 'nonce-"+nonce[1]+"'") {
		t.Errorf("the page's number %q is not that of the policy %s", nonce, policy)
	}
	if again := ask(t, "GET", base+"/queues/", true).header.Get("Content-Security-Policy"); again == policy {
		t.Error("the number is the same every time")
	}
	for _, never := range []string{"unsafe", "http", "*", "data:"} {
		if strings.Contains(policy, never) {
			t.Errorf("the policy %s has %s", policy, never)
		}
	}
}
