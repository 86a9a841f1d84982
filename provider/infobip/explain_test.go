package infobip

import (
	"testing"

	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	providertest.CheckAnswers(t, answers)
	providertest.CheckExplained(t, &Provider{}, map[string]provider.Kind{
		"error 7002 not on this channel: nothing to do": provider.Refused, "error 7033 no marketing wanted from us: do not send": provider.OptedOut,
		"status 12 no credit left: top up the account": provider.Misconfigured, "http 403: forbidden": provider.Misconfigured,
		"error 1 SOMETHING_ELSE: why": 0, "error 7999 EC_NEW: why": 0, "status 77 ITS_NAME: its words": 0, "window_closed": provider.Refused,
	})
}
