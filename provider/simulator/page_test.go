package simulator

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestEveryPresetIsAScenario(t *testing.T) {
	t.Parallel()
	for _, p := range Presets() {
		if _, err := ParseScenario([]byte(p.Text)); err != nil || p.Does == "" {
			t.Errorf("%s (%s): %v", p.Name, p.Does, err)
		}
	}
}

func TestAScenarioIsChosenOnThePage(t *testing.T) {
	t.Parallel()
	w := start(t, Options{})
	page := string(w.must("GET", "/", nil).Text)
	form := func(r *http.Request) { r.Header.Set("Content-Type", formMedia) }
	for _, p := range Presets() {
		if !strings.Contains(page, `value="`+p.Name+`"`) {
			t.Errorf("the page does not offer %q", p.Name)
		}
		w.must("POST", "/sim/scenario", []byte(url.Values{"preset": {p.Name}}.Encode()), form)
		want, err := ParseScenario([]byte(p.Text))
		if err != nil || w.sim.Scenario().String() != want.String() {
			t.Errorf("%s: the scenario is\n%s\nwant\n%s", p.Name, w.sim.Scenario(), want)
		}
	}
}

func TestThePageOfWhatWasSeen(t *testing.T) {
	t.Parallel()
	w := start(t, Options{KeepContent: true})
	for i := range lastSeen + 5 {
		w.send(sms, number("7777"), fmt.Sprintf("m-%d.", i), "body", "Ciao Mario")
	}
	w.send(wa, number("0001"), "m-refused")
	w.drain()
	page := string(w.must("GET", "/sim/seen", nil).Text)
	for _, want := range []string{"m-refused", "m-204.", "m-6.", "&#43;39********77", "qlara.whatsapp", "0001", "refused", "delivered", "of 206"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, secret := range []string{number("7777"), "393401237777", "Mario", "m-5."} {
		if strings.Contains(page, secret) {
			t.Errorf("the page says %q", secret)
		}
	}
}
