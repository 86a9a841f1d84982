package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/infobip"
	"github.com/seed-438792ba/cascade/provider/kaleyra"
	"github.com/seed-438792ba/cascade/provider/qlara"
	"github.com/seed-438792ba/cascade/provider/wab"
)

// providers are all that an account can name. The limits are what the provider
// publishes for an account; they hold where the account gives none.
func providers() map[string]kind {
	return map[string]kind{
		// Of a production key; a trial has 100/1m and 10/1s. Whether sending counts
		// against it is not stated, so it is assumed.
		"qlara": kindOf(qlara.New, campaign.Limit{N: 50, Window: time.Second}, campaign.Limit{N: 1000, Window: time.Minute}),
		// 4000/1s is published for WhatsApp alone, far above what Meta lets a sender do.
		"infobip": kindOf(infobip.New),
		// Neither publishes a limit: assumed.
		"kaleyra": kindOf(kaleyra.New, campaign.Limit{N: 20, Window: time.Second}),
		"wab":     kindOf(wab.New, campaign.Limit{N: 20, Window: time.Second}),
	}
}

// providerName is the name of a provider that there is.
type providerName string

// UnmarshalText reads the name of one of the providers.
func (p *providerName) UnmarshalText(b []byte) error {
	if _, found := providers()[string(b)]; !found {
		return fmt.Errorf("unknown provider %q: want %s", b, providerNames())
	}
	*p = providerName(b)
	return nil
}

// providerNames lists them for people.
func providerNames() string {
	return strings.Join(slices.Sorted(maps.Keys(providers())), " or ")
}

// Adapter is one account at its provider: it sends on all of the account's channels
// and reads its callbacks.
type Adapter interface {
	provider.Sender
	provider.Reporter
	provider.Explainer
	// Class is what it offers on a channel when nobody knows whether it took a request. A
	// Queryable adapter is also a provider.Asker.
	Class(c campaign.Channel) provider.Class
	// Supports says what is wrong with sending this leg; nothing if it can be sent.
	Supports(leg campaign.Leg) []string
}

// kind makes accounts of one provider.
type kind struct {
	blank  func() settings
	limits []campaign.Limit
}

// settings are the keys that only one provider knows.
type settings struct {
	into  any // a pointer to the provider's struct
	check func() []provider.Problem
	open  func(*provider.Client) (Adapter, error)
}

// kindOf takes a provider's constructor, whose first argument is its struct of settings.
func kindOf[C interface{ Check() []provider.Problem }, A Adapter](open func(C, *provider.Client) (A, error), limits ...campaign.Limit) kind {
	blank := func() settings {
		c := new(C)
		return settings{
			into:  c,
			check: func() []provider.Problem { return (*c).Check() },
			open:  func(client *provider.Client) (Adapter, error) { return open(*c, client) },
		}
	}
	return kind{blank: blank, limits: limits}
}
