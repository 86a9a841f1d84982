package main

import (
	"fmt"
	"maps"
	"testing"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// TestUnknownOutcomes loses requests and answers on their way, by magic number, and
// asserts that each provider's own remedy is used, that nobody is sent to twice, and
// that the summary says how each doubt was resolved.
func TestUnknownOutcomes(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, account, tail, policy, wait string
		requests, phase, outcome          string
		resolved                          map[string]int
	}{
		{"asked, and it has it", "qlara", "0015", "at_most_once", "20s", "sms no_answer", "delivered", "delivered", map[string]int{"asking": 1}},
		{"a gateway answers, and it has it", "qlara", "0017", "at_most_once", "20s", "sms no_answer", "delivered", "delivered", map[string]int{"asking": 1}},
		{"asked, and it says nothing", "qlara", "0019", "at_most_once", "2s", "sms no_answer", "unconfirmed", "timed_out", map[string]int{"policy": 1}},
		{"repeated, and it was taken before", "infobip", "0015", "at_most_once", "6s", "sms no_answer, sms duplicate", "unconfirmed", "timed_out", map[string]int{"asking": 1}},
		{"repeated, and it was not", "infobip", "0016", "at_most_once", "6s", "sms unavailable, sms taken_as_new", "delivered", "delivered", map[string]int{"asking": 1}},
		{"nothing can be done, at most once", "wab", "0016", "at_most_once", "2s", "sms unavailable", "unconfirmed", "timed_out", map[string]int{"policy": 1}},
		{"nothing can be done, at least once", "wab", "0016", "at_least_once", "2s", "sms unavailable, sms taken_as_new", "delivered", "delivered", map[string]int{"policy": 1}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, simulator.Scenario{})
			file := r.file("campaign.yaml", fmt.Sprintf(`campaign: doubt
on_unknown: %s
route: [{channel: sms, account: %s, wait: %s, text: "Ciao {nome}"}]
recipients: {columns: {destination: telefono}}
`, x.policy, x.account, x.wait))
			number := "+39340123" + x.tail
			sum := r.run(file, r.file("people.csv", "nome,telefono\nAda,"+number+"\n"), 0)
			maps.DeleteFunc(sum.UnknownResolved, func(_ string, n int) bool { return n == 0 })
			if !maps.Equal(sum.UnknownResolved, x.resolved) || sum.Counts[x.phase] != 1 {
				t.Errorf("%v, unknown resolved %v; want one %s, %v", sum.Counts, sum.UnknownResolved, x.phase, x.resolved)
			}
			taken := 0
			for rec := range r.simulator.Log(0) {
				if rec.Taken {
					taken++
				}
			}
			if got := told(r.requests()[number]); got != x.requests || taken > 1 {
				t.Errorf("the provider saw %q and took %d, want %q", got, taken, x.requests)
			}
			r.serving(func(base string) {
				if line := r.export(base, "doubt")[number]; line.Phase != x.phase || line.story() != "sms "+x.outcome {
					t.Errorf("%s (%s), want %s (sms %s)", line.Phase, line.story(), x.phase, x.outcome)
				}
			})
		})
	}
}
