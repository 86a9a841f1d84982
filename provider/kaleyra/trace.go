package kaleyra

import (
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// traces are the trace codes that say why a message was not sent or not delivered, as
// folded leaves them. The codes are documented, most of their meanings by their names
// only; what to do about them is ours. A country that is closed is no fault of the lane,
// for others go on.
var traces = map[string]provider.Code{
	"NOCREDITS":        {Outcome: wrongAccount, Meaning: "the account has no credit left", Mend: "top it up at Kaleyra, then resume the lane", Run: provider.Wrong},
	"KYCNOTAPPROVED":   {Outcome: wrongAccount, Meaning: "the account's papers are not approved", Mend: "complete them at Kaleyra, then resume the lane", Run: provider.Wrong},
	"TEMPLATENOTFOUND": {Outcome: wrongLane, Meaning: "the template does not exist, or is not approved", Mend: "check its name and language; in India, its DLT registration", Run: provider.Wrong},
	"NOTALLOWED":       {Outcome: refused, Meaning: "the account may not send there", Mend: "have the country or the kind of message allowed at Kaleyra", Run: provider.Suspect},
	"BLOCKEDCOUNTRY":   {Outcome: refused, Meaning: "the country is closed for the account", Mend: "have the country opened at Kaleyra", Run: provider.Suspect},
	"BLACKLIST":        {Outcome: optedOut, Meaning: "the number is on a blocklist", Mend: "nothing: the person is suppressed"},
	"OPTOUT":           {Outcome: optedOut, Meaning: "the person opted out", Mend: "nothing: the person is suppressed"},
	"CONDND":           {Outcome: optedOut, Meaning: "the person is on do-not-disturb", Mend: "nothing: the person is suppressed"},
	"INVALIDSUB":       {Outcome: refused, Meaning: "the number is not in use", Mend: "take the number off the list"},
	"MOBOFF":           {Outcome: refused, Meaning: "the phone was off", Mend: "nothing; a retry in a day may reach the person"},
}

// traced finds the code that a reason names.
func traced(reason string) (provider.Code, bool) {
	c, found := traces[folded(reason)]
	return c, found
}

// Explain finds what a reason means that this adapter gave.
func (p *Provider) Explain(reason string) (provider.Code, bool) {
	return provider.Explain(reason, signalled, traced, reported, answers.Explain)
}

// signalled finds one of the documented codes, which may stand behind an HTTP status.
func signalled(reason string) (provider.Code, bool) {
	for _, s := range signals {
		if s.says != "" && strings.HasSuffix(reason, s.says) {
			return s.Code, true
		}
	}
	return provider.Code{}, false
}

// reported is what is known of a status that comes without a trace.
func reported(reason string) (provider.Code, bool) {
	word, found := strings.CutPrefix(reason, "status ")
	if !found {
		return provider.Code{}, false
	}
	switch folded(word) {
	case "0", "FAILED", "UNDELIVERED":
		return provider.Code{Outcome: refused, Meaning: "Kaleyra could not deliver it, and does not say why", Mend: "nothing: often the person is not on this channel"}, true
	case "NOTSENT":
		return provider.Code{Outcome: refused, Meaning: "it never left Kaleyra: an opt-out, a daily limit, or the plan", Mend: "look the message up in Kaleyra's console if there are many", Run: provider.Suspect}, true
	case "EXPIRED":
		return provider.Code{Outcome: refused, Meaning: "Kaleyra gave up delivering it in time", Mend: "nothing: the phone was off or away"}, true
	case "MOBOFF":
		return traces["MOBOFF"], true
	}
	return provider.Code{}, false
}
