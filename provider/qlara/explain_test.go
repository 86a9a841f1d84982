package qlara

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	providertest.CheckAnswers(t, answers)
	providertest.CheckExplained(t, &Provider{}, map[string]provider.Kind{
		"http 400: placeholders missing": provider.Refused, "http 401": provider.Misconfigured, "http 418: tea": provider.Misconfigured, "http 599": provider.Unknown,
		"opted out": provider.OptedOut, "No credit.": provider.Misconfigured, "sender not authorised": provider.Misconfigured, "status 6": provider.Refused, "Undeliverable": provider.Refused, "undeliverable": provider.Refused, "status EXPIRED": provider.Refused,
		"window_closed": provider.Refused, "Message undelivered": 0, "": 0, "http": 0, "http x": 0,
	})
}

func TestRefusalsAreWhole(t *testing.T) {
	t.Parallel()
	for _, row := range refusals {
		if row.Outcome.Kind == 0 || row.Meaning == "" || row.Mend == "" {
			t.Errorf("%q: %+v is not whole", row.words, row.Code)
		}
	}
}
