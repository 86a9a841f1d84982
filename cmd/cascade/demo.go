package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/provider/simulator"
)

// demo is everything in one process: an embedded Redis, a simulated provider, and a
// sample campaign on them.
type demo struct {
	recipients int
	seed       uint64
	listen     string // of the API
	stay       bool   // when the campaign has ended
	folder     string // where the sample's files are; the caller removes it

	simulator *simulator.Simulator
	provider  net.Listener
	stop      context.CancelFunc
	stopped   chan error
}

// demoCampaign is the sample: three legs, with waits short enough to be watched.
const demoCampaign = `campaign: spring-sale
route:
  - {channel: whatsapp, account: qlara, wait: 5s, template: {id: 42, placeholders: [nome, codiceSconto]}}
  - {channel: rcs, account: qlara, wait: 4s, template: {id: 10, placeholders: [nome]}}
  - {channel: sms, account: qlara, wait: 6s, text: "Ciao {nome}, il tuo sconto: {codiceSconto}"}
recipients:
  region: IT
  columns: {destination: telefono}
`

// demoConfig is the deployment around it. The limits are low enough to be seen at work.
const demoConfig = `redis: embedded
listen: %s
accounts:
  qlara:
    provider: qlara
    base_url: http://%s/api
    api_key: demo
    callback_secret: %s
    limits: [400/1s]
    whatsapp: {phone_number_id: 5, limits: [200/1s]}
    rcs: {agent_id: 1}
    sms: {sender: MyBrand}
`

// demoSecret stands in the path of the demo's callbacks, which only this machine sees.
const demoSecret = "demo-on-loopback-only"

// demoScenario is a lively day at the speed of a demo.
func demoScenario() simulator.Scenario {
	ms := func(n int) campaign.Duration { return campaign.Duration(time.Duration(n) * time.Millisecond) }
	sc := simulator.DefaultScenario()
	sc.Latency = simulator.Span{Min: ms(10), Max: ms(50)}
	sc.Receipts.Delay = simulator.Span{Min: ms(100), Max: ms(1500)}
	return sc
}

// begin starts the simulated provider and gives the configuration that speaks to it.
func (d *demo) begin(ctx context.Context) (*config.Config, error) {
	var err error
	if d.provider, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("listen for requests to the simulated provider: %w", err)
	}
	if d.simulator, err = simulator.New(simulator.Options{Scenario: demoScenario(), Seed: d.seed}); err != nil {
		return nil, err
	}
	ctx, d.stop = context.WithCancel(context.WithoutCancel(ctx))
	d.stopped = make(chan error, 1)
	go func() { d.stopped <- d.simulator.Serve(ctx, d.provider) }()
	text := fmt.Sprintf(demoConfig, d.free(), d.provider.Addr(), demoSecret)
	return config.Parse("demo.yaml", []byte(text), func(string) (string, bool) { return "", false })
}

// free is the address to listen on: the usual one, or any when that is taken.
func (d *demo) free() string {
	l, err := net.Listen("tcp", d.listen)
	if err != nil {
		return "127.0.0.1:0"
	}
	_ = l.Close()
	return d.listen
}

// callbacks tells the simulated provider where to report.
func (d *demo) callbacks(addr string) {
	d.simulator.SetCallbacks("http://" + addr + "/callbacks/qlara/" + demoSecret)
}

// settle waits for the last receipts: what people read after their message was closed.
func (d *demo) settle(ctx context.Context) {
	ctx, done := context.WithTimeout(ctx, 5*time.Second)
	defer done()
	_ = d.simulator.Drain(ctx)
}

// end stops the simulated provider. Requests that it holds unanswered end with it.
func (d *demo) end() error {
	if d.stop == nil {
		return nil
	}
	d.stop()
	d.stop = nil
	return <-d.stopped
}

// sample parses the sample campaign and writes its recipients into the folder: every
// magic number a few times, the rest left to chance.
func (d *demo) sample() (c campaign.Campaign, recipients string, err error) {
	if c, err = campaign.ParseFile("spring-sale.yaml", []byte(demoCampaign), nil); err != nil {
		return c, "", err
	}
	recipients = filepath.Join(d.folder, "recipients.csv")
	var text bytes.Buffer
	out := csv.NewWriter(&text)
	_ = out.Write([]string{"Nome", "Telefono", "Codice Sconto"})
	for i, number := range d.numbers() {
		_ = out.Write([]string{demoNames[i%len(demoNames)], number, "SPRING" + strconv.Itoa(10+i%90)})
	}
	out.Flush()
	if err := os.WriteFile(recipients, text.Bytes(), 0o600); err != nil {
		return c, "", fmt.Errorf("write the sample's recipients: %w", err)
	}
	return c, recipients, nil
}

var demoNames = []string{"Ada", "Beatrice", "Carlo", "Dario", "Emma", "Franca", "Giulia", "Željko", "Zoë"}

// demoEach is how often each magic number is among the recipients.
const demoEach = 3

func (d *demo) numbers() []string {
	tricks := simulator.Magic()
	numbers := make([]string, 0, d.recipients)
	for i := range min(demoEach*len(tricks), d.recipients) {
		numbers = append(numbers, fmt.Sprintf("+39 340 %03d %s", 100+i, tricks[i%len(tricks)].Tail))
	}
	for i := 0; len(numbers) < d.recipients; i++ {
		const perPrefix = 9000 // whose last four digits are no magic number
		numbers = append(numbers, fmt.Sprintf("+39 347 %03d %04d", 100+i/perPrefix, 1000+i%perPrefix))
	}
	random := rand.New(rand.NewPCG(d.seed, 0))
	random.Shuffle(len(numbers), func(i, j int) { numbers[i], numbers[j] = numbers[j], numbers[i] })
	return numbers
}
