package client_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/store/redistest"
)

const sale = `
campaign: sale
route:
  - {channel: whatsapp, account: qlara, wait: 20s, template: {id: 42}}
  - {channel: sms, account: qlara, wait: 20s, text: "Ciao {nome}"}
recipients: {region: IT, columns: {destination: telefono}}
`

const orders = `
campaign: orders/one
standing: true
route:
  - {channel: sms, account: qlara, wait: 20s, text: "Ciao {nome}"}
recipients: {region: IT}
`

// must fails the test on an error of a call.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestACampaignFromItsFileToItsExport is the whole way, on a real Redis and a simulated
// provider.
func TestACampaignFromItsFileToItsExport(t *testing.T) {
	t.Parallel()
	h := open(t, redistest.Real(t, "--appendonly", "yes").URL)
	c, ctx := h.client(operator), t.Context()
	if r := must[client.Report](t)(c.CreateCampaignFile(ctx, []byte(sale))); r.Campaign != "sale" || r.State != "draft" {
		t.Fatalf("created %+v", r)
	}
	up := must[campaign.ImportReport](t)(c.UploadCSV(ctx, "sale", strings.NewReader("telefono;nome\n3471000100;Ada\n3471000002;Bob\nnonsense;Eve\n")))
	if up.Accepted != 2 || up.Rejected != 1 {
		t.Fatalf("the file: %+v", up)
	}
	up = must[campaign.ImportReport](t)(c.Upload(ctx, "sale", slices.Values([]client.Recipient{
		{Destination: "+393471000101", Variables: campaign.Variables{"nome": "Cid"}},
		{Destination: "+393471000101", Variables: campaign.Variables{"nome": "Cid"}},
	})))
	if up.Accepted != 1 {
		t.Fatalf("the stream: %+v", up)
	}
	var rejects bytes.Buffer
	if err := c.Rejects(ctx, "sale", &rejects); err != nil || !strings.Contains(rejects.String(), "nonsense") {
		t.Errorf("the rejects: %v\n%s", err, rejects.String())
	}
	if s := must[client.State](t)(c.Start(ctx, "sale", "approved")); s.State != "running" {
		t.Errorf("started: %+v", s)
	}
	until(t, "the campaign's end", func() bool { return must[client.Report](t)(c.Campaign(ctx, "sale")).State == "finished" })

	told := map[string]string{}
	for l, err := range h.client(admin).Export(ctx, "sale") {
		if err != nil {
			t.Fatal(err)
		}
		told[l.Destination] = l.Phase + " " + l.Channel.String()
		story := must[client.Story](t)(c.Message(ctx, l.Message.String()))
		closed := func(said client.Sentence) bool { return strings.Contains(said.Text, "closed as delivered") }
		if !slices.ContainsFunc(story.Sentences, closed) || !strings.Contains(story.Destination, "*") {
			t.Errorf("the story of %s is %+v", story.Destination, story.Sentences)
		}
	}
	if told["+393471000100"] != "delivered whatsapp" || told["+393471000002"] != "delivered sms" || len(told) != 3 {
		t.Errorf("exported %v", told)
	}
	var csv bytes.Buffer
	if err := c.ExportTo(ctx, "sale", "csv", &csv); err != nil || strings.Count(csv.String(), "\n") != 4 {
		t.Errorf("as CSV: %v\n%s", err, csv.String())
	}
	if again := must[client.Retried](t)(c.Retry(ctx, "sale", client.RetryOrder{DryRun: true})); again.Retried != 0 {
		t.Errorf("a retry would touch %+v", again)
	}
	if list := must[[]client.Report](t)(c.Campaigns(ctx)); len(list) != 1 || list[0].Counts["delivered"] != 3 {
		t.Errorf("listed %+v", list)
	}
}

func TestMessagesLanesAndTheSwitch(t *testing.T) {
	t.Parallel()
	h := open(t, "embedded")
	c, ctx := h.client(operator), t.Context()
	must[client.Report](t)(c.CreateCampaignFile(ctx, []byte(orders)))
	must[client.State](t)(c.Start(ctx, "orders/one", ""))
	m := campaign.Message{Campaign: "orders/one", Destination: "+393471000100", Key: "order-1", Variables: campaign.Variables{"nome": "Ada"}}
	first := must[campaign.MessageResult](t)(c.Send(ctx, m))
	if again := must[campaign.MessageResult](t)(c.Send(ctx, m)); first.Result != campaign.Accepted || again.Result != campaign.AlreadyThere || *again.ID != *first.ID {
		t.Errorf("sent %+v, then %+v", first, again)
	}
	m.Key = ""
	if s := must[client.Sent](t)(c.SendBatch(ctx, []campaign.Message{m, m})); s.Rejected != 2 || s.Messages[0].Reason != "missing_key" {
		t.Errorf("without a key: %+v", s)
	}
	if l := must[client.Lane](t)(c.PauseLane(ctx, "qlara.sms", "a test")); l.State != "paused" || l.By != "crm" || l.Reason == "" {
		t.Errorf("paused: %+v", l)
	}
	must[client.Lane](t)(c.ResumeLane(ctx, "qlara.sms", ""))
	must[client.Lane](t)(c.GoOn(ctx, "qlara.sms", ""))
	for what, do := range map[string]func(context.Context, string) ([]client.Lane, error){
		"the account": func(ctx context.Context, why string) ([]client.Lane, error) { return c.PauseAccount(ctx, "qlara", why) },
		"everything":  c.StopEverything,
	} {
		if l := must[[]client.Lane](t)(do(ctx, "a test")); len(l) != 2 || l[0].State != "paused" {
			t.Errorf("%s is paused: %+v", what, l)
		}
		must[[]client.Lane](t)(c.ResumeAccount(ctx, "qlara", ""))
		must[[]client.Lane](t)(c.ResumeEverything(ctx, ""))
	}
	if l := must[[]client.Lane](t)(c.Lanes(ctx)); len(l) != 2 || l[0].State == "paused" {
		t.Errorf("in the end: %+v", l)
	}
	if s := must[client.State](t)(c.Pause(ctx, "orders/one", "")); s.State != "paused" || s.InFlight == nil {
		t.Errorf("paused: %+v", s)
	}
	must[client.State](t)(c.Resume(ctx, "orders/one", ""))
	must[client.State](t)(c.Cancel(ctx, "orders/one", "the end"))
	d := must[client.Deeds](t)(c.Audit(ctx, "", 2))
	if len(d.Deeds) != 2 || d.Deeds[0].Why != "the end" || d.Next == "" {
		t.Fatalf("the journal: %+v", d)
	}
	if more := must[client.Deeds](t)(c.Audit(ctx, d.Next, 0)); len(more.Deeds) < 5 || more.Deeds[0].ID == d.Deeds[1].ID {
		t.Errorf("its next page: %+v", more)
	}
}

func TestProblemsHaveTypes(t *testing.T) {
	t.Parallel()
	h := open(t, "embedded")
	c, ctx := h.client(operator), t.Context()
	must[client.Report](t)(c.CreateCampaignFile(ctx, []byte(sale)))
	create := func(file string) error {
		_, err := c.CreateCampaignFile(ctx, []byte(file))
		return err
	}
	_, forged := h.client("wrong").Lanes(ctx)
	_, weak := h.client(viewer).Start(ctx, "sale", "")
	_, absent := c.Campaign(ctx, "none")
	_, early := c.Resume(ctx, "sale", "")
	for want, err := range map[string]error{
		client.Unauthorised: forged, client.Forbidden: weak, client.NotFound: absent, client.WrongState: early,
		client.DifferentCampaign: create(strings.Replace(sale, "Ciao", "Salve", 1)),
		client.InvalidFile:       create("campaign: x\nroute: soon\n"),
	} {
		var p *client.Problem
		if !errors.As(err, &p) || p.Type != want || p.RequestID == "" {
			t.Errorf("want %s, got %v", want, err)
		}
	}
	if err := create("campaign: x\nroute: soon\n"); !strings.Contains(err.Error(), "line 2") {
		t.Errorf("the mistake's line is not told: %v", err)
	}
}

// TestARestartIsWaitedFor calls while the server is away and comes back.
func TestARestartIsWaitedFor(t *testing.T) {
	t.Parallel()
	h := open(t, redistest.Real(t, "--appendonly", "yes").URL)
	c, ctx := h.client(operator), t.Context()
	must[client.Report](t)(c.CreateCampaignFile(ctx, []byte(sale)))
	_ = h.process.Process.Kill()
	_ = h.process.Wait()
	hasty, done := context.WithTimeout(ctx, 300*time.Millisecond)
	defer done()
	if _, err := c.Campaign(hasty, "sale"); err == nil {
		t.Fatal("a server that is away answered")
	}
	answered := make(chan error, 1)
	go func() {
		_, err := c.Start(ctx, "sale", "")
		answered <- err
	}()
	h.start()
	var p *client.Problem
	if err := <-answered; errors.As(err, &p) && p.Type != client.WrongState || err != nil && p == nil {
		t.Errorf("after the restart: %v", err)
	}
}
