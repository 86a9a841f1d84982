package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/store"
)

// crowd is a campaign's people: who, with three short variables, and when.
type crowd struct {
	n       int
	id      string              // of the campaign; "": bench
	account string              // "": qlara
	due     func(int) time.Time // of the i-th; nil: all at once
}

// campaign is a file of three legs, whose first request has about 500 bytes.
func (c crowd) campaign() string {
	column, account := "", cmp.Or(c.account, "qlara")
	if c.due != nil {
		column = ", scheduledDate: invio"
	}
	return fmt.Sprintf(`campaign: %s
route:
  - {channel: whatsapp, account: %s, wait: 2h, template: {id: 42, placeholders: [nome, codiceSconto, scadenza], media_url: "https://media.example.com/spring/collection/2026/hero-image-of-the-season-in-two-colours-and-three-sizes.jpg?campaign=spring-sale&placement=whatsapp-header&version=20261120T080000Z"}}
  - {channel: rcs, account: %s, wait: 1h, template: {id: 10, placeholders: [nome]}}
  - {channel: sms, account: %s, wait: 1h, text: "Ciao {nome}, il tuo sconto: {codiceSconto} fino al {scadenza}"}
recipients:
  region: IT
  columns: {destination: telefono%s}
`, cmp.Or(c.id, "bench"), account, account, account, column)
}

// write writes the people as a CSV.
func (c crowd) write(w io.Writer) error {
	b := bufio.NewWriterSize(w, 64<<10)
	fmt.Fprint(b, "Nome,Telefono,Codice Sconto,Scadenza")
	if c.due != nil {
		fmt.Fprint(b, ",Invio")
	}
	fmt.Fprintln(b)
	for i := range c.n {
		fmt.Fprintf(b, "Maria%d,+39347%07d,SPRING%d,31.12.", i%100, i, 10+i%90)
		if c.due != nil {
			fmt.Fprint(b, ",", c.due(i).UTC().Format("2006-01-02T15:04:05.000Z"))
		}
		fmt.Fprintln(b)
	}
	return b.Flush()
}

// fill imports the people into their campaign, and starts it if it is told to.
func (h *house) fill(ctx context.Context, people crowd, start bool) (*store.Campaign, error) {
	c, err := campaign.ParseFile("bench.yaml", []byte(people.campaign()), h.cfg)
	if err != nil {
		return nil, err
	}
	entered, err := h.store.Create(ctx, c)
	if err != nil {
		return nil, err
	}
	source, sink := io.Pipe()
	go func() { _ = sink.CloseWithError(people.write(sink)) }()
	reader, err := campaign.NewReader(source, c, campaign.ReaderOptions{})
	if err != nil {
		return nil, err
	}
	report, err := h.store.Import(ctx, c.ID, reader, store.Watcher{})
	if err != nil {
		return nil, err
	}
	if report.Accepted != people.n {
		return nil, fmt.Errorf("%d of %d people were accepted: %v", report.Accepted, people.n, report.Reasons)
	}
	if start {
		err = h.store.Start(ctx, c.ID, "bench")
	}
	return entered, err
}
