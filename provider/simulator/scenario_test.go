package simulator

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestScenarioReadsWhatItWrites(t *testing.T) {
	t.Parallel()
	sc := DefaultScenario()
	sc.Limits.Account = limits("50/1s", "1000/1m")
	sc.Outages = []Outage{{From: millisecond, To: 90 * millisecond, Cut: true}}
	got, err := ParseScenario([]byte(sc.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, sc)
	}
	if diff := cmp.Diff(sc.String(), got.String()); diff != "" {
		t.Errorf("(-written +read):\n%s", diff)
	}
}

func TestScenarioKeepsDefaultsForWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	want := DefaultScenario()
	want.Outcomes.RCS.Silent = 0.5
	want.Limits.SMS = limits("80/1s")
	got, err := ParseScenario([]byte("outcomes: {rcs: {silent: 0.5}}\nlimits:\n  sms: [80/1s]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, empty := range []string{"", "# nothing\n", "{}"} {
		if got, err := ParseScenario([]byte(empty)); err != nil || got.String() != DefaultScenario().String() {
			t.Errorf("%q: %v, want the default", empty, err)
		}
	}
}

func TestScenarioNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := ParseScenario([]byte(`
latency: {min: 2s, max: 1s}
speed: 3
throttled: often
retry_after: soon
outcomes:
  whatsapp: {refused: 1.5, undelivrable: 0.1}
  rcs: {refused: 0.5, silent: 0.6}
receipts: {tries: -1, lost: -0.1}
limits: {sms: [50], account: [10/1s, 5/x]}
outages: [{from: 10s, to: 5s, how: hard}]
`))
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"latency: ", `unknown field "speed"`, "throttled", `"soon"`, "outcomes.whatsapp.refused: 1.5", `unknown field "undelivrable"`,
		"outcomes.rcs: refused, undeliverable and silent", "receipts.tries: -1", "receipts.lost: -0.1", `limit "50"`, `limit "5/x"`,
		"outages[0]", `unknown field "how"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named in:\n%v", want, err)
		}
	}
	if _, err := ParseScenario([]byte("a: [")); err == nil {
		t.Error("no YAML: no error")
	}
	if _, err := ParseScenario([]byte("- 1")); err == nil {
		t.Error("a list: no error")
	}
}

func TestScenarioChangesLive(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	put := func(text string) answered {
		return w.must("PUT", "/sim/scenario", []byte(text))
	}
	quick := "latency: {min: 0s, max: 0s}\nreceipts: {delay: {min: 0s, max: 0s}}\n"
	if a := put(quick + "outages: [{from: 0s, to: 1h}]"); a.Status != 200 {
		t.Fatalf("PUT: %d", a.Status)
	}
	if a := w.send(sms, number("7777"), "m-1"); a.Status != 503 {
		t.Errorf("in the outage: %d, want 503", a.Status)
	}
	if a := put("outages: [{from: 1h, to: 0s}]"); a.Status != 400 {
		t.Errorf("PUT of a mistake: %d, want 400", a.Status)
	}
	if a := w.send(sms, number("7777"), "m-1"); a.Status != 503 {
		t.Errorf("after a mistake: %d, want the scenario unchanged", a.Status)
	}
	form := url.Values{"scenario": {quick + "outcomes: {sms: {refused: 1, undeliverable: 0, silent: 0}}"}}
	asForm := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	w.must("POST", "/sim/scenario", []byte(form.Encode()), asForm)
	if a := w.send(sms, number("7777"), "m-1"); a.Status != 200 || a.accepted(sms) {
		t.Errorf("after the form: %d %v, want it refused", a.Status, a.JSON)
	}
	if got := w.sim.Scenario().Outcomes.SMS.Refused; got != 1 {
		t.Errorf("refused %v, want 1", got)
	}
}

func TestAnotherSitesPageCannotChangeTheScenario(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	foreign := func(r *http.Request) { r.Header.Set("Origin", "https://elsewhere.example") }
	if a := w.must("PUT", "/sim/scenario", nil, foreign); a.Status != 403 {
		t.Errorf("%d, want 403", a.Status)
	}
}

func TestNewRefusesAWrongScenario(t *testing.T) {
	t.Parallel()
	if _, err := New(Options{Scenario: Scenario{Throttled: 2}}); err == nil {
		t.Error("no error")
	}
	if err := start(t, Options{}).sim.SetScenario(Scenario{Latency: Span{Min: -1}}); err == nil {
		t.Error("SetScenario: no error")
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	w := start(t, Options{Scenario: Scenario{Latency: Span{Min: 20 * millisecond, Max: 20 * millisecond}}})
	began := time.Now()
	w.send(wa, number("7777"), "m-1")
	if took := time.Since(began); took < 20*time.Millisecond {
		t.Errorf("answered after %v, want at least 20ms", took)
	}
}
