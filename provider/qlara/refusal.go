package qlara

import (
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// refusals are the words in which a reason of accepted:false says more than no. Qlara
// documents no reason's text. The first four are the meanings of the result codes 401,
// 402 and 403 of the company's older SMS product. Blacklisted alone is not among them:
// a blacklist may be the operator's, and an opt-out is for ever. The rest call the
// number itself invalid, and nothing weaker does: "not on WhatsApp" is no more than no.
var refusals = []struct {
	words string
	means provider.Outcome
}{
	{"opted out", provider.Outcome{Kind: provider.OptedOut}},
	{"sender not authorised", provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}},
	{"sender not authorized", provider.Outcome{Kind: provider.Misconfigured, Scope: provider.LaneScope}},
	{"no credit", provider.Outcome{Kind: provider.Misconfigured, Scope: provider.AccountScope}},
	{"invalid number", provider.Outcome{Kind: provider.Invalid}},
	{"invalid phone number", provider.Outcome{Kind: provider.Invalid}},
	{"invalid destination", provider.Outcome{Kind: provider.Invalid}},
}

// refusal is what accepted:false means. Where several reasons speak, the first row wins.
func refusal(reasons, private []string) provider.Outcome {
	said := strings.Join(reasons, "; ")
	o := provider.Outcome{Kind: provider.Refused}
	for _, row := range refusals {
		if means(said, row.words) {
			o = row.means
			break
		}
	}
	o.Reason = provider.Reason(said, private...)
	if o.Reason == "" {
		o.Reason = "not accepted"
	}
	return o
}

// means says whether one of the reasons ends with the words: what follows would
// narrow them, as in "invalid number of parameters".
func means(said, words string) bool {
	for reason := range strings.SplitSeq(strings.ToLower(said), ";") {
		reason = strings.TrimRight(strings.TrimSpace(reason), ".!")
		before, ends := strings.CutSuffix(reason, words)
		if ends && (before == "" || strings.HasSuffix(before, " ")) && !strings.HasSuffix(before, "not ") {
			return true
		}
	}
	return false
}
