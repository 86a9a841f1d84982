package campaign_test

import (
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

func ExampleParseFile() {
	c, err := campaign.ParseFile("spring-sale.yaml", []byte(`
campaign: spring-sale
start: 2026-12-01 09:00 Europe/Rome
route:
  - {channel: whatsapp, account: qlara, wait: 30m, template: {id: 42}}
  - {channel: sms, account: qlara, text: "Ciao {nome}, il tuo sconto: {codiceSconto}"}
recipients:
  region: IT
  columns: {destination: telefono}
`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.ID, "starts", c.Start)
	for _, leg := range c.Route {
		fmt.Println(leg.Lane(), "waits", campaign.FormatDuration(leg.Wait))
	}
	fmt.Println(c.VariableNames([]string{"Nome", "Telefono", "Codice Sconto", "Città"}))
	// Output:
	// spring-sale starts 2026-12-01 08:00:00 +0000 UTC
	// qlara.whatsapp waits 30m
	// qlara.sms waits 24h
	// [nome codiceSconto citta]
}

func ExampleParseFile_mistakes() {
	_, err := campaign.ParseFile("spring-sale.yaml", []byte(`campaign: spring-sale
route:
  - {channel: sms, acount: qlara, wait: soon, text: "Ciao {nome"}
`), nil)
	fmt.Println(err)
	// Output:
	// spring-sale.yaml: 4 mistakes
	//   spring-sale.yaml:3:5: route[0].account: missing: want the name of an account
	//   spring-sale.yaml:3:20: route[0].acount: unknown key: want one of channel, account, wait, template, text, suggestions, body, max_parts, capability, simulation
	//   spring-sale.yaml:3:41: route[0].wait: duration "soon": want a number and a unit, as in 90s, 30m, 24h or 3d
	//   spring-sale.yaml:3:53: route[0].text: a { without its }: want {name}, or {{ for the brace itself
}
