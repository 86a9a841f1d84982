package provider

import (
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestWhose(t *testing.T) {
	t.Parallel()
	ours := campaign.IDKey{1}.Message("spring-sale", "+393401234567", "").Attempt(1, 0)
	id, theirs := ours.String(), "88116e2f-b8b4-40fe-b727-f453b6b99adc"
	capitals := strings.ToUpper(id)
	for _, c := range []struct {
		name, id   string
		references []string
		want       campaign.Receipt
	}{
		{"theirs", theirs, []string{theirs}, campaign.Receipt{ProviderID: theirs}},
		{"theirs alone", " 7 ", nil, campaign.Receipt{ProviderID: "7"}},
		{"ours beside theirs", theirs, []string{"x", capitals}, campaign.Receipt{Attempt: ours, ProviderID: theirs}},
		{"ours in place of theirs", capitals, []string{"", capitals}, campaign.Receipt{Attempt: ours}},
		{"ours without theirs", "", []string{id}, campaign.Receipt{Attempt: ours}},
		{"an id where ours is not looked for", id, []string{""}, campaign.Receipt{ProviderID: id}},
	} {
		if got, err := About(campaign.Receipt{}, c.id, c.references...); err != nil || got != c.want {
			t.Errorf("%s: %+v, error %v; want %+v", c.name, got, err, c.want)
		}
	}
	if got, err := About(campaign.Receipt{}, "\n", "", "x"); err == nil {
		t.Errorf("a receipt about nothing became %+v", got)
	}
	for answered, want := range map[string]string{theirs: theirs, id: "", capitals: "", "": ""} {
		if got := TheirID(answered, ours); got != want {
			t.Errorf("answered %q, theirs is %q, want %q", answered, got, want)
		}
	}
}
