package wab

import (
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Explain finds what a reason means that this adapter gave. Meta's codes come in the
// words of answers; receipts have no field for them.
func (p *Provider) Explain(reason string) (provider.Code, bool) {
	return provider.Explain(reason, provider.ExplainMeta, named, reported, answers.Explain)
}

// named finds one of the SMS API's codes, which stand behind an HTTP status.
func named(reason string) (provider.Code, bool) {
	_, name, found := strings.Cut(reason, ": ")
	c, known := smsErrors[name]
	return c, found && known
}

// reported is what is known of a receipt. None says why, so that many rejected in a row
// may be a template that was paused, or people who are not on WhatsApp.
func reported(reason string) (provider.Code, bool) {
	switch strings.ToLower(reason) {
	case "status rejected":
		return provider.Code{Outcome: refused, Meaning: "the carrier, or Meta, rejected it, and the gateway does not say why",
			Mend: "nothing if it is a few: not on WhatsApp, most likely. If it is nearly all, look at the template's status in Meta's manager", Run: provider.Suspect}, true
	case "status dead":
		return provider.Code{Outcome: refused, Meaning: "the gateway gave it up for good", Mend: "ask the gateway's support if it happens often", Run: provider.Suspect}, true
	case "status failed":
		return provider.Code{Outcome: refused, Meaning: "it could not be delivered, and the gateway does not say why", Mend: "nothing: often the person is not on this channel"}, true
	case "status expired":
		return provider.Code{Outcome: refused, Meaning: "it was not delivered in time", Mend: "nothing: the phone was off or away"}, true
	}
	return provider.Code{}, false
}
