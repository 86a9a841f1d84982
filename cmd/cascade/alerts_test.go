package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider/simulator"
	"github.com/seed-438792ba/cascade/store"
)

const twoLegs = `campaign: alarming
route:
  - {channel: whatsapp, account: qlara, wait: 1s, template: {id: 42, placeholders: []}}
  - {channel: sms, account: qlara, wait: 24h, text: "Ciao"}
recipients: {region: IT, columns: {destination: telefono}}
`

// symptom is something that goes wrong in a house of real parts, and the alert that must
// tell it.
type symptom struct {
	alert    string
	scenario simulator.Scenario
	key      string // of the provider; "": one that it knows
	config   string // what the configuration has besides
	rules    store.HearingRules
	roles    []role // nil: all
	cause    func(*testing.T, *rig, *house)
}

// mostlySilent is a channel on which most people are out of reach. Refusals of so many would
// pause the lane before anybody is alarmed.
var mostlySilent = simulator.Outcomes{WhatsApp: simulator.Odds{Silent: 0.6}}

// peopleOf brings so many of them into a campaign that runs.
func peopleOf(n int) func(*testing.T, *rig, *house) {
	return func(_ *testing.T, r *rig, h *house) { r.load(h, twoLegs, n) }
}

// receiver is one of webhooks, in the configuration.
const receiver = "webhooks:\n  crm: {url: https://crm.example.com/, secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=}\n"

var symptoms = []symptom{
	{alert: "CascadeNothingSent", roles: []role{apiRole, workerRole}, cause: peopleOf(20)}, // no scheduler
	{alert: "CascadeAlarmsLate", roles: []role{apiRole, workerRole}, scenario: simulator.Scenario{Receipts: simulator.Receipts{Lost: 1}}, cause: scheduleOnce},
	{alert: "CascadeReceiptsStopped", rules: store.HearingRules{Quiet: time.Second}, scenario: simulator.Scenario{Receipts: simulator.Receipts{Lost: 1}}, cause: peopleOf(60)},
	{alert: "CascadeLaneMisconfigured", key: "bad-key", cause: peopleOf(5)},
	{alert: "CascadeLaneHeldLong", scenario: simulator.Scenario{Throttled: 1, RetryAfter: campaign.Duration(time.Hour)}, cause: peopleOf(5)},
	{alert: "CascadeBreakerOpen", scenario: simulator.Scenario{Outages: []simulator.Outage{{To: campaign.Duration(time.Hour)}}}, cause: peopleOf(40)},
	{alert: "CascadeErrorShare", scenario: simulator.Scenario{Outcomes: mostlySilent}, cause: peopleOf(200)},
	{alert: "CascadeBooksImbalance", cause: func(t *testing.T, r *rig, h *house) {
		r.load(h, twoLegs, 5)
		c, err := h.store.Find(t.Context(), "alarming")
		if err == nil { // as no script of ours ever does
			err = h.redis.Client.HIncrBy(t.Context(), fmt.Sprintf("cascade:{%s.0}:counts", c.Number), "0.0.6", 3).Err()
		}
		if err != nil {
			t.Fatal(err)
		}
	}},
	{alert: "CascadeRedisAway", cause: func(_ *testing.T, r *rig, _ *house) { r.redis.Kill() }},
	{alert: "CascadeRedisNearlyFull", cause: func(t *testing.T, r *rig, _ *house) {
		const much = 64 << 20 // beside which what connections take comes and goes
		err := r.redis.Admin(t).Set(t.Context(), "ballast", strings.Repeat("x", much), 0).Err()
		if err == nil {
			err = r.redis.Admin(t).ConfigSet(t.Context(), "maxmemory", strconv.Itoa(much*5/4)).Err()
		}
		if err != nil {
			t.Fatal(err)
		}
	}},
	{alert: "CascadeNoWorkers", roles: []role{apiRole, schedulerRole}, cause: func(*testing.T, *rig, *house) {}},
	{alert: "CascadeCallbacksRefused", cause: func(t *testing.T, r *rig, _ *house) {
		for range 30 {
			answer, err := http.Post("http://"+r.listen+"/callbacks/qlara/not-the-secret-that-it-is", "application/json", strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
		}
	}},
	{alert: "CascadeWebhooksNotTaken", config: receiver, cause: func(t *testing.T, _ *rig, h *house) {
		failing := store.Outside{Failing: time.Now().Add(-20 * time.Minute), Error: "503"} // as the post notes it
		if err := h.store.NoteOutside(t.Context(), "crm", failing); err != nil {
			t.Fatal(err)
		}
	}},
	{alert: "CascadeOverlapsRising", cause: func(t *testing.T, r *rig, h *house) { // WhatsApp reports when the SMS is sent
		list := "telefono\n"
		for i := range 40 {
			list += fmt.Sprintf("+39347%03d0005\n", 100+i)
		}
		r.loadFile(h, twoLegs, list)
	}},
}

// scheduleOnce has a scheduler look once and die.
func scheduleOnce(t *testing.T, r *rig, h *house) {
	r.load(h, twoLegs, 5)
	if _, err := h.newScheduler().Round(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Every alert is raised by what it is for, in a house of real parts: a real Redis, a
// provider over HTTP, and what promtool makes of what a scrape shows.
func TestSymptomsRaiseTheirAlerts(t *testing.T) {
	if testing.Short() {
		t.Skip("each symptom takes some seconds to show")
	}
	t.Parallel()
	for _, s := range symptoms {
		t.Run(s.alert, func(t *testing.T) {
			t.Parallel()
			r, h := s.house(t)
			before := scrape(t, h)
			s.cause(t, r, h)
			var said string
			for deadline, tick := time.After(time.Minute), time.Tick(500*time.Millisecond); ; {
				var fired bool
				if fired, said = raises(t, before, scrape(t, h), s.alert); fired {
					return
				}
				select {
				case <-deadline:
					t.Fatalf("after a minute %s is not raised: %s", s.alert, said)
				case <-tick: // scrape again
				}
			}
		})
	}
}

// A house in which all is well raises nothing, while a campaign runs and after it.
func TestAHouseThatIsWellRaisesNothing(t *testing.T) {
	t.Parallel()
	r, h := (&symptom{}).house(t)
	before := scrape(t, h)
	r.load(h, twoLegs, 50)
	for deadline, tick := time.After(time.Minute), time.Tick(50*time.Millisecond); ; {
		st, err := h.store.Status(t.Context(), "alarming")
		if err == nil && st.Counts.Phase(fallback.Delivered) == 50 {
			break
		}
		select {
		case <-deadline:
			t.Fatal("after a minute not everybody is reached")
		case <-tick: // look again
		}
	}
	if fired, said := raises(t, before, scrape(t, h), ""); fired {
		t.Errorf("alerts were raised: %s", said)
	}
}

// house opens the symptom's house, which lives until the test ends.
func (s *symptom) house(t *testing.T) (*rig, *house) {
	t.Helper()
	r := newRig(t, s.scenario)
	r.config = r.rewritten("accounts:\n", s.config+"accounts:\n")
	if s.key != "" {
		r.config = r.rewritten("api_key: test", "api_key: "+s.key)
	}
	cfg, err := config.Load(r.config, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	h := r.house(cfg, s.rules)
	roles := s.roles
	if roles == nil {
		roles = allRoles
	}
	r.live(h, roles)
	return r, h
}

// live has the house live in these roles until the test ends, and returns when its workers
// are there.
func (r *rig) live(h *house, roles []role) {
	r.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.live(ctx, roles, nil) }()
	r.t.Cleanup(func() {
		if h.store.Ping(context.Background()) != nil {
			r.redis.Restart(r.t) // a drain waits for it
		}
		stop()
		if err := <-ended; err != nil {
			r.t.Error(err)
		}
	})
	r.served(h, roles)
}

// served waits until the workers, if there are any, have said that they are there.
func (r *rig) served(h *house, roles []role) {
	r.t.Helper()
	if !strings.Contains(fmt.Sprint(roles), string(workerRole)) {
		return
	}
	for deadline, tick := time.After(20*time.Second), time.Tick(50*time.Millisecond); ; {
		if serving, err := h.serving(); err == nil && len(serving) == len(h.lanes) {
			return
		}
		select {
		case <-deadline:
			r.t.Fatal("the workers do not say that they are there")
		case <-tick: // look again
		}
	}
}

// scrape is what a house shows, by series.
func scrape(t *testing.T, h *house) map[string]float64 {
	t.Helper()
	var page bytes.Buffer
	w := &recording{header: http.Header{}, body: &page}
	request, err := http.NewRequest("GET", "/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	h.metrics.Handler().ServeHTTP(w, request)
	series := map[string]float64{}
	for line := range strings.Lines(page.String()) {
		name, value, found := strings.Cut(strings.TrimSpace(line), "} ")
		if !found {
			name, value, _ = strings.Cut(strings.TrimSpace(line), " ")
			name += "{"
		}
		v, err := strconv.ParseFloat(value, 64)
		if err == nil && strings.HasPrefix(name, "cascade_") && !strings.Contains(name, "_bucket{") {
			series[strings.Replace(name, "{", `{job="cascade",`, 1)+"}"] = v
		}
	}
	return series
}

// recording is an http.ResponseWriter into memory.
type recording struct {
	header http.Header
	body   *bytes.Buffer
}

func (r *recording) Header() http.Header         { return r.header }
func (r *recording) Write(b []byte) (int, error) { return r.body.Write(b) }
func (r *recording) WriteHeader(int)             {}
