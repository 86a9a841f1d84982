package config

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Lane is one account's one channel, and what holds there.
type Lane struct {
	Lane          campaign.Lane
	Limits        []campaign.Limit
	AccountLimits []campaign.Limit // shared by all lanes of the account
	Concurrency   int              // requests at a time, in each process
	Receipts      bool             // expected
}

// Lanes lists all lanes: by account, and within one in the order of channels.
func (c *Config) Lanes() []Lane {
	var lanes []Lane
	for _, name := range c.Accounts.Names() {
		for _, channel := range campaign.Channels() {
			if lane, found := c.Accounts.Lane(campaign.Lane{Account: name, Channel: channel}); found {
				lanes = append(lanes, lane)
			}
		}
	}
	return lanes
}

// Accounts are the accounts by name. They are what campaign.ParseFile asks whether a
// leg can be sent.
type Accounts map[string]Account

// Lane finds a lane.
func (as Accounts) Lane(l campaign.Lane) (lane Lane, found bool) {
	a := as[l.Account]
	c, found := a.Channels[l.Channel]
	if !found {
		return Lane{}, false
	}
	return Lane{l, c.Limits, a.Limits, c.Concurrency, c.Receipts}, true
}

// Check says what is wrong with sending this leg.
func (as Accounts) Check(leg campaign.Leg) []campaign.Problem {
	a, found := as[leg.Account]
	if !found {
		return []campaign.Problem{{Path: "account", Text: as.unknown(leg.Account)}}
	}
	adapter, err := a.settings.open(nil) // what it supports it knows without a connection
	if err != nil {
		return []campaign.Problem{{Path: "account", Text: err.Error()}}
	}
	wrong := adapter.Supports(leg)
	if checker, is := adapter.(provider.CapabilityChecker); leg.Capability && (!is || !checker.ChecksCapability(leg.Channel)) {
		wrong = append(wrong, provider.NoCapability)
	}
	if len(leg.Chain) > 0 {
		wrong = chainProblems(adapter, leg)
	}
	if len(wrong) > 0 {
		return []campaign.Problem{{Text: strings.Join(wrong, "; ")}}
	}
	return nil
}

// chainProblems asks whether the provider runs a fallback of its own at all, and then
// whether it can run this one.
func chainProblems(adapter Adapter, leg campaign.Leg) []string {
	if chainer, is := adapter.(provider.Chainer); is {
		return chainer.ChainProblems(leg)
	}
	return []string{provider.NoChain}
}

func (as Accounts) unknown(name string) string {
	if len(as) == 0 {
		return fmt.Sprintf("unknown account %q: the configuration has none", name)
	}
	return fmt.Sprintf("unknown account %q: want one of the configuration's, %s", name, strings.Join(as.Names(), ", "))
}

// Providers makes the adapter of every account, each on connections of its own. Where
// the options don't say how many of them are kept, it is as many as the account's
// lanes may use.
func (c *Config) Providers(o provider.ClientOptions) (map[string]Adapter, error) {
	adapters := make(map[string]Adapter, len(c.Accounts))
	for name, a := range c.Accounts {
		own := o
		own.Concurrency = cmp.Or(o.Concurrency, a.concurrency())
		adapter, err := a.settings.open(provider.NewClient(own))
		if err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		adapters[name] = adapter
	}
	return adapters, nil
}

func (a Account) concurrency() int {
	n := 0
	for _, c := range a.Channels {
		n += c.Concurrency
	}
	return n
}
