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
	provider.Code
}{
	{"opted out", provider.Code{Outcome: provider.Outcome{Kind: provider.OptedOut}, Meaning: "the person opted out at Qlara", Mend: "nothing: the person is suppressed"}},
	{"sender not authorised", senderRefused},
	{"sender not authorized", senderRefused},
	{"no credit", provider.Code{Outcome: wrongAccount, Meaning: "the account has no credit left", Mend: "top it up at Qlara, then resume the lane", Run: provider.Wrong}},
	{"invalid number", numberRefused},
	{"invalid phone number", numberRefused},
	{"invalid destination", numberRefused},
}

var (
	senderRefused = provider.Code{Outcome: wrongLane, Meaning: "the sender is not authorised on the account", Mend: "have it authorised at Qlara, or configure another", Run: provider.Wrong}
	numberRefused = provider.Code{Outcome: provider.Outcome{Kind: provider.Invalid}, Meaning: "Qlara calls the number invalid", Mend: "correct the number in the file's source"}
)

// refusal is what accepted:false means. Where several reasons speak, the first row wins.
func refusal(reasons, private []string) provider.Outcome {
	said := strings.Join(reasons, "; ")
	code, _ := refusalCode(said)
	o := code.Outcome
	o.Reason = provider.Reason(said, private...)
	if o.Reason == "" {
		o.Reason = "not accepted"
	}
	return o
}

// refusalCode finds the row that a reason names, or is what an unlisted reason means.
func refusalCode(said string) (provider.Code, bool) {
	for _, row := range refusals {
		if means(said, row.words) {
			return row.Code, true
		}
	}
	return provider.Code{Outcome: refused}, false
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
