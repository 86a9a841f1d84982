package wab

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	providertest.CheckAnswers(t, answers)
	providertest.CheckExplained(t, &Provider{}, map[string]provider.Kind{
		"meta 131026: cannot be delivered to this person": provider.Refused, "meta 131042: payment problem: settle it in Meta's billing": provider.Misconfigured,
		"meta 139999": 0, "http 400: send_failed": provider.Unavailable, "http 422: parameters": provider.Refused, "status rejected": provider.Refused,
		"barred for #": 0,
	})
}
