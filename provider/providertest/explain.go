package providertest

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider"
)

// CheckExplained asks that reasons, as the adapter gives them, are explained as codes of
// these kinds, and that each has its meaning and what to do; those of kind 0 must not be
// found, for a provider's free words mean what they say.
func CheckExplained(t *testing.T, a interface {
	Explain(reason string) (provider.Code, bool)
}, reasons map[string]provider.Kind) {
	t.Helper()
	for reason, want := range reasons {
		got, found := a.Explain(reason)
		if got.Outcome.Kind != want || found != (want != 0) {
			t.Errorf("reason %q: found %t as %+v, want kind %d", reason, found, got, want)
		}
		if found && (got.Meaning == "" || got.Mend == "") {
			t.Errorf("reason %q: %+v lacks what it means or what to do", reason, got)
		}
	}
}

// CheckAnswers asks that each row of the table says what it means and what to do.
func CheckAnswers(t *testing.T, table provider.Answers) {
	t.Helper()
	for status, c := range table {
		if c.Outcome.Kind == 0 || c.Meaning == "" || c.Mend == "" {
			t.Errorf("http %d: %+v is not whole", status, c)
		}
		if misconfigured := c.Outcome.Kind == provider.Misconfigured; misconfigured && c.Run != provider.Wrong {
			t.Errorf("http %d is a misconfiguration, and a run of it says nothing", status)
		}
	}
}
