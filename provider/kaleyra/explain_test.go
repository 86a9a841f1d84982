package kaleyra

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	providertest.CheckAnswers(t, answers)
	providertest.CheckExplained(t, &Provider{}, map[string]provider.Kind{
		"http 400: E13008: the sender is refused: check from": provider.Misconfigured, "E413: a value holds HTML": provider.Refused,
		"NO-CREDITS": provider.Misconfigured, "OPT-OUT": provider.OptedOut, "status not_sent": provider.Refused, "status 0": provider.Refused,
		"http 404": provider.Misconfigured, "no route to #": 0, "status PARKED": 0,
	})
}

func TestTracesAreWhole(t *testing.T) {
	t.Parallel()
	for name, c := range traces {
		if c.Outcome.Kind == 0 || c.Meaning == "" || c.Mend == "" || name != folded(name) {
			t.Errorf("%q: %+v is not whole, or its name is not folded", name, c)
		}
	}
	for _, s := range signals {
		if s.Outcome.Kind == 0 || s.Meaning == "" || s.Mend == "" {
			t.Errorf("%+v is not whole", s)
		}
	}
}
