package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// TestEveryProvider runs a campaign over each provider's own wire, magic numbers among
// its people, against a simulator that was written from the same contracts by nobody
// who knew the adapters. What becomes of each number must be what the table of magic
// numbers says, whichever the provider.
func TestEveryProvider(t *testing.T) {
	t.Parallel()
	content := map[string]string{
		"qlara":   "template: {id: 42, placeholders: [nome]}",
		"infobip": `template: {name: spring_sale, language: it, parameters: ["{nome}"]}`,
		"kaleyra": `template: {name: spring_sale, language: it, parameters: ["{nome}"]}`,
		"wab":     `template: {name: spring_sale, language: it, parameters: ["{nome}"]}`,
	}
	want := map[string]struct{ phase, story string }{
		"0003": {"delivered", "whatsapp undelivered, sms delivered"}, // the route has no rcs
		"0004": {"unconfirmed", "whatsapp timed_out, sms timed_out"},
		"0006": {"delivered", "whatsapp delivered"},
		"0007": {"delivered", "whatsapp delivered"},
		"0009": {"delivered", "whatsapp read"},
		"0011": {"delivered", "whatsapp delivered"},
		"0012": {"delivered", "whatsapp delivered"},
		"0013": {"failed", "whatsapp undelivered, sms undelivered"},
		"0014": {"delivered", "whatsapp read"},
		"5555": {"delivered", "whatsapp delivered"},
	}
	for _, p := range simulator.Providers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, simulator.Scenario{})
			people := "nome,telefono\n"
			number := func(tail string) string { return "+39340123" + tail }
			for tail := range want {
				people += "Ada," + number(tail) + "\n"
			}
			file := r.file("campaign.yaml", fmt.Sprintf(`campaign: every
route:
  - {channel: whatsapp, account: %[1]s, wait: 2s, %[2]s}
  - {channel: sms, account: %[1]s, wait: 2s, text: "Ciao {nome}"}
recipients: {columns: {destination: telefono}}
`, p.Name, content[p.Name]))
			sum := r.run(file, r.file("people.csv", people), 0)
			if sum.Accepted != len(want) || sum.Legs[0].Throttled != 1 {
				t.Errorf("accepted %d, throttled %d; want %d and 1", sum.Accepted, sum.Legs[0].Throttled, len(want))
			}
			seen := r.requests()
			r.serving(func(base string) {
				lines := r.export(base, "every")
				for tail, w := range want {
					line := lines[number(tail)]
					if p.Name == "wab" { // it reports no reading, and calls what cannot be delivered rejected
						w.story = strings.NewReplacer("whatsapp read", "whatsapp delivered", "whatsapp undelivered", "whatsapp rejected").Replace(w.story)
					}
					if line.Phase != w.phase || line.story() != w.story {
						t.Errorf("%s: %s (%s), want %s (%s); the simulator saw %s", tail, line.Phase, line.story(), w.phase, w.story, told(seen[number(tail)]))
					}
				}
			})
			for number, records := range seen {
				for _, rec := range records {
					if rec.Answer == simulator.Malformed || rec.Answer == simulator.Unauthorised || rec.Answer == simulator.Duplicate {
						t.Errorf("%s: a request was %s", number[len(number)-4:], rec.Answer)
					}
				}
			}
		})
	}
}
