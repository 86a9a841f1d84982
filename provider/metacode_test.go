package provider

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestMetaCodes(t *testing.T) {
	t.Parallel()
	lane := Outcome{Kind: Misconfigured, Scope: LaneScope}
	account := Outcome{Kind: Misconfigured, Scope: AccountScope}
	refused := Outcome{Kind: Refused}
	again := Outcome{Kind: Unavailable}
	atMeta := Outcome{Kind: Unavailable, Fault: true}
	throttled := Outcome{Kind: Postponed, Throttled: true}
	for code, want := range map[int]Outcome{
		0: account, 190: account, 102: account, 3: account, 10: account, 200: account, 250: account, 299: account, 131005: account,
		33: lane, 133010: lane, 133015: lane, 131045: lane, 368: lane, 131031: lane, 131042: lane, 131037: lane, 131048: lane,
		132000: lane, 132001: lane, 132007: lane, 132015: lane, 132016: lane, 131051: lane, 131008: lane, 100: lane, 135000: lane,
		1: atMeta, 2: atMeta, 131000: atMeta, 131016: atMeta, 133004: atMeta, 131056: again, 131052: again, 131053: again,
		4: {Kind: Postponed, Throttled: true, Scope: AccountScope}, 80007: {Kind: Postponed, Throttled: true, Scope: AccountScope},
		130429: throttled, 131057: {Kind: Postponed, Throttled: true, RetryAfter: time.Minute},
		131049: refused, 130472: refused, 131026: refused, 131047: refused, 131009: refused, 132012: refused, 132005: refused,
		131050: {Kind: OptedOut}, 131021: {Kind: Invalid},
	} {
		got, known := LookUpMeta(code)
		reason := got.Outcome.Reason
		got.Outcome.Reason = ""
		if !known || got.Number != code || got.Outcome != want {
			t.Errorf("code %d: %+v, known %t; want %+v", code, got, known, want)
		}
		if !strings.Contains(reason, got.Meaning) || utf8.RuneCountInString(reason) > maxReason || got.Mend == "" {
			t.Errorf("code %d: reason %q, mend %q; want the meaning in at most %d characters, and a mend", code, reason, got.Mend, maxReason)
		}
		if want.Kind == Misconfigured && !strings.Contains(reason, got.Mend) {
			t.Errorf("code %d: reason %q does not say what to do", code, reason)
		}
	}
	for _, code := range []int{-1, 5, 199, 300, 133016, 139999} {
		if got, known := LookUpMeta(code); known {
			t.Errorf("code %d, of which nobody speaks, became %+v", code, got)
		}
	}
}

func TestEachMetaCodeOnce(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, row := range metaCodes {
		for _, code := range row.codes {
			if seen[code] {
				t.Errorf("code %d is described twice", code)
			}
			seen[code] = true
		}
	}
}

func TestFindMeta(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]int{
		"(#131056) Pair rate limit hit":               131056,
		`{"code":131026,"title":"undeliverable"}`:     131026,
		"code 131999, then 131047":                    131047,
		"nothing":                                     0,
		"131999":                                      0, // Meta may have it, nobody described it
		"call +64131026456":                           0, // part of a number
		"id 1310260":                                  0,
		"error 190, which in words may be anything":   0,
		"x131026":                                     0,
		"WhatsApp Cloud API error 136026 and 131,026": 0,
	} {
		got, found := FindMeta(words)
		if got.Number != want || found != (want != 0) {
			t.Errorf("%q: code %d, found %t; want %d", words, got.Number, found, want)
		}
	}
}
