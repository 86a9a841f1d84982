package provider

import (
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestPrivate(t *testing.T) {
	t.Parallel()
	for _, a := range []campaign.Attempt{
		{Content: campaign.Content{Text: "Mario Rossi"}},
		{Content: campaign.Content{Template: &campaign.Template{Parameters: []string{"Mario Rossi"}}}},
		{Content: campaign.Content{Media: &campaign.Media{Caption: "Mario Rossi"}}},
		{Content: campaign.Content{Media: &campaign.Media{Filename: "Mario Rossi"}}},
		{Variables: campaign.Variables{"name": "Mario Rossi"}},
	} {
		a.To = "+1202"
		if got := Reason("Mario Rossi at 1202 or +1202 is bad, s3cr3t", Private(a, "s3cr3t")...); got != "… at … or … is bad, …" {
			t.Errorf("%+v: the reason is %q", a.Content, got)
		}
	}
}
