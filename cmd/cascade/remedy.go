package main

import (
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// remedies are what a provider's class lets be done about an unknown outcome.
var remedies = map[provider.Class]fallback.Remedy{
	provider.None:       fallback.Await,
	provider.Echo:       fallback.Await,
	provider.Queryable:  fallback.Ask,
	provider.Idempotent: fallback.Repeat,
}

// remedy is that of a lane; of an account that is not configured here, to wait.
func (h *house) remedy(l campaign.Lane) fallback.Remedy {
	adapter, here := h.adapters[l.Account]
	if !here {
		return fallback.Await
	}
	return remedies[adapter.Class(l.Channel)]
}

// asker asks a lane's provider; nil if that cannot be asked.
func (h *house) asker(l campaign.Lane) provider.Asker {
	if h.remedy(l) != fallback.Ask {
		return nil
	}
	asker, _ := h.adapters[l.Account].(provider.Asker)
	return asker
}

// checker can be asked whether a lane reaches somebody; nil if it cannot.
func (h *house) checker(l campaign.Lane) provider.CapabilityChecker {
	checker, is := h.adapters[l.Account].(provider.CapabilityChecker)
	if !is || !checker.ChecksCapability(l.Channel) {
		return nil
	}
	return checker
}
