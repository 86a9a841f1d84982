package qlara

import (
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Explain finds what a reason means that this adapter gave.
func (p *Provider) Explain(reason string) (provider.Code, bool) {
	return provider.Explain(reason, answers.Explain, refusalCode, reported)
}

// reported is what is known of a receipt's reason. Qlara documents no code that says
// why: only that the message cannot be delivered.
func reported(reason string) (provider.Code, bool) {
	switch strings.ToLower(reason) {
	case "status 6", "status error", "undeliverable": // the last is the documented description; the SMS platform writes it with a capital
		return provider.Code{Outcome: refused, Meaning: "Qlara could not deliver it, and does not say why",
			Mend: "nothing: often the person is not on this channel"}, true
	case "status expired":
		return provider.Code{Outcome: refused, Meaning: "Qlara gave up delivering it in time", Mend: "nothing: the phone was off or away"}, true
	}
	return provider.Code{}, false
}
