package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestValidateLooksUp asks the simulated Qlara for what a campaign names, and then one
// that is away.
func TestValidateLooksUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, quick)
	people := r.file("people.csv", "telefono,nome,città\n+393401234567,Ada,Bari\n")
	campaign := func(template string) string {
		return r.file("look.yaml", fmt.Sprintf("campaign: look\nroute: [{channel: whatsapp, account: qlara, template: {%s}}]\nrecipients: {columns: {destination: telefono}}\n", template))
	}
	validate := func(template, config string) (int, string) {
		code, _, errs := r.cascade("campaign", "validate", campaign(template), "--recipients", people, "--config", config)
		return code, errs
	}
	for _, x := range []struct {
		template string
		code     int
		want     string
	}{
		{"id: 42", 0, ""},
		{"id: 42, placeholders: [città]", 2, "wrong: leg 1: template 42 wants {nome}, and the leg gives it città"},
		{"id: 43", 2, "wrong: leg 1: template 43 is not among the approved ones"},
		{"id: 7", 2, "wrong: leg 1: template 7 is not among the approved ones"},
	} {
		if code, errs := validate(x.template, r.config); code != x.code || !strings.Contains(errs, x.want) || x.want == "" && errs != "" {
			t.Errorf("template {%s}: exit code %d, %q; want %d, %q", x.template, code, errs, x.code, x.want)
		}
	}
	away := r.file("away.yaml", "accounts:\n  qlara: {provider: qlara, api_key: test, base_url: \"http://"+freeAddress(t)+"\", whatsapp: {phone_number_id: 5}}\n")
	if code, errs := validate("id: 42", away); code != 0 || !strings.Contains(errs, "warning: leg 1: template 42 could not be looked up") {
		t.Errorf("away: exit code %d, %q; want a warning", code, errs)
	}
}
