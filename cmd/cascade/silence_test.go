package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

const silentCampaign = `campaign: silent
route:
  - {channel: whatsapp, account: infobip, wait: 6s, template: {name: spring_sale, language: it, parameters: []}}
  - {channel: sms, account: qlara, wait: 24h, text: "Ciao"}
recipients: {region: IT, columns: {destination: telefono}}
`

// The provider delivers to everybody, and none of its callbacks arrives. Nobody is sent
// an SMS for it, people are told why nothing moves, and one of them can let it go on.
func TestAListIsNotEscalatedForABrokenWebhook(t *testing.T) {
	t.Parallel()
	const people = 60
	r := newRig(t, simulator.Scenario{Receipts: simulator.Receipts{Lost: 1}})
	cfg, err := config.Load(r.config, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	h := r.house(cfg, store.HearingRules{Quiet: time.Second})
	ctx, stop := context.WithCancel(context.Background())
	ended, listening := make(chan error, 1), make(chan string, 1)
	go func() { ended <- h.live(ctx, allRoles, func(addr string) { listening <- addr }) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	var base string
	select {
	case addr := <-listening:
		base = "http://" + addr
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	r.load(h, silentCampaign, people)

	looks := func(what string, is func() bool) {
		t.Helper()
		deadline := time.After(30 * time.Second)
		for !is() {
			select {
			case <-deadline:
				t.Fatalf("after 30 s still not: %s", what)
			case <-time.After(50 * time.Millisecond): // look again
			}
		}
	}
	looks("everybody was sent a WhatsApp, and every alarm has rung and is put off", func() bool {
		_, _, next, err := h.store.Heads(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		st, err := h.store.Status(t.Context(), "silent") // after the look at the clock: nobody can have left meanwhile
		return err == nil && st.Counts.Phase(fallback.Waiting) == people && next > 10*time.Second
	})
	for to, requests := range r.requests() {
		if got := told(requests); got != "whatsapp taken_as_new" {
			t.Errorf("%s was sent %s, want one WhatsApp", to, got)
		}
	}
	whatsapp := campaign.Lane{Account: "infobip", Channel: campaign.WhatsApp}
	if l := laneAt(t, base, whatsapp); l.ReceiptsStopped == nil || l.WaitsUntil == nil {
		t.Errorf("the lane does not say that its receipts stopped: %+v", l)
	}
	var report struct{ Reason string }
	ask(t, http.MethodGet, base+"/v1/campaigns/silent", &report)
	if !strings.Contains(report.Reason, "no receipts on infobip.whatsapp since") {
		t.Errorf("the campaign's reason line is %q", report.Reason)
	}
	var lane api.Lane
	ask(t, http.MethodPost, base+"/v1/lanes/infobip.whatsapp/go-on", &lane)
	if lane.ReceiptsStopped != nil {
		t.Errorf("after go-on: %+v", lane)
	}
}

// house is one that nothing lives in yet.
func (r *rig) house(cfg *config.Config, rules store.HearingRules) *house {
	r.t.Helper()
	h := &house{config: cfg, log: slog.New(slog.DiscardHandler), lanes: cfg.Lanes(), name: "test", rules: rules}
	if err := h.build(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(h.close)
	return h
}

// load imports so many people and starts the campaign.
func (r *rig) load(h *house, text string, people int) {
	r.t.Helper()
	list := "telefono\n"
	for i := range people {
		list += fmt.Sprintf("+39347%07d\n", 1001000+i)
	}
	r.loadFile(h, text, list)
}

// loadFile imports the people of a file and starts the campaign.
func (r *rig) loadFile(h *house, text, list string) {
	r.t.Helper()
	c, err := campaign.ParseFile("campaign.yaml", []byte(text), h.config)
	if err != nil {
		r.t.Fatal(err)
	}
	path := filepath.Join(r.folder, "people.csv")
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		r.t.Fatal(err)
	}
	if _, err := h.store.Create(r.t.Context(), c); err != nil {
		r.t.Fatal(err)
	}
	run := &campaignRun{house: h, campaign: c, recipients: path, out: io.Discard}
	if _, err := run.load(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	if err := run.start(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
	h.bell.Ring(nudgeBell)
}

func laneAt(t *testing.T, base string, want campaign.Lane) api.Lane {
	t.Helper()
	var answer struct{ Lanes []api.Lane }
	ask(t, http.MethodGet, base+"/v1/lanes", &answer)
	for _, l := range answer.Lanes {
		if l.Name == want.String() {
			return l
		}
	}
	t.Fatalf("no lane %s in %+v", want, answer.Lanes)
	return api.Lane{}
}

func ask(t *testing.T, method, address string, into any) {
	t.Helper()
	req, err := http.NewRequest(method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s, %v", method, address, answer.Status, err)
	}
}
