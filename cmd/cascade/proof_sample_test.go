//go:build proof && linux

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// sample is a campaign with three legs that wait so long each.
func sample(id string, whatsapp, rcs, sms time.Duration) string {
	return fmt.Sprintf(`campaign: %s
route:
  - {channel: whatsapp, account: qlara, wait: %s, template: {id: 42, placeholders: [nome, codiceSconto]}}
  - {channel: rcs, account: qlara, wait: %s, template: {id: 10, placeholders: [nome]}}
  - {channel: sms, account: qlara, wait: %s, text: "Ciao {nome}, il tuo sconto: {codiceSconto} fino al {scadenza}"}
recipients:
  region: IT
  columns: {destination: telefono}
`, id, whatsapp, rcs, sms)
}

// recipients writes a CSV of n people with three short variables. Those whose index
// is in magic get a number that ends in its four digits.
func recipients(w io.Writer, n int, magic map[int]string) {
	fmt.Fprintln(w, "Nome,Telefono,Codice Sconto,Scadenza")
	const perPrefix = 9000 // whose last four digits are no magic number
	for i := range n {
		tail := fmt.Sprintf("%04d", 1000+i%perPrefix)
		if trick, is := magic[i]; is {
			tail = trick
		}
		fmt.Fprintf(w, "Maria%d,+39347%03d%s,SPRING%d,31.12.\n", i%100, 100+i/perPrefix, tail, 10+i%90)
	}
}

func rows(n int, magic map[int]string) string {
	var text strings.Builder
	recipients(&text, n, magic)
	return text.String()
}

// soon is when a callback that failed comes again; with eight tries, each twice as
// much later, it outlives every outage of a proof and is given up within a minute.
const soon = campaign.Duration(250 * time.Millisecond)

// calm is a provider that takes and delivers everything, soon.
func calm() simulator.Scenario {
	sc := simulator.DefaultScenario()
	sc.Outcomes = simulator.Outcomes{}
	sc.Latency = delays(10, 30)
	sc.Receipts.Delay = delays(20, 200)
	sc.Receipts.Backoff = soon
	return sc
}

// lively is a provider that also refuses, fails and is silent.
func lively() simulator.Scenario {
	sc := simulator.DefaultScenario()
	sc.Latency = delays(20, 60)
	sc.Receipts.Delay = delays(100, 1000)
	sc.Receipts.Doubled = 0.05
	sc.Receipts.Backoff = soon
	return sc
}

func delays(from, to int) simulator.Span {
	ms := func(n int) campaign.Duration { return campaign.Duration(time.Duration(n) * time.Millisecond) }
	return simulator.Span{Min: ms(from), Max: ms(to)}
}
