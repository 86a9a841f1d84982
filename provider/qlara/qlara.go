// Package qlara is the adapter of Qlara, Agile Telecom's messaging platform: WhatsApp,
// RCS and SMS over its message-server API.
//
// Three generations of that API are documented and contradict each other. Requests are
// of the current one only: integer ids, template.id, results by channel. Callbacks of
// all three are read. Qlara can run the fallback by itself (fallbackRcs, fallbackSms): it is asked to
// only for a leg that has a chain, which then is the only one of its route, for two
// fallbacks on one message would send twice.
package qlara

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Provider sends over one Qlara account and reads its callbacks.
type Provider struct {
	config Config
	client *provider.Client
}

// New makes the adapter of one account. The error is a join of Config.Check's problems.
func New(c Config, client *provider.Client) (*Provider, error) {
	if err := provider.Join(c.Check()); err != nil {
		return nil, fmt.Errorf("qlara: %w", err)
	}
	c.BaseURL = strings.TrimRight(c.base(), "/")
	return &Provider{config: c, client: client}, nil
}

// Class is Queryable: the status of a message can be asked for by our id, on every
// channel (documented). Our id also comes back in every receipt. That a repeated
// messageId is refused is documented nowhere, so Qlara is not Idempotent.
func (p *Provider) Class(campaign.Channel) provider.Class { return provider.Queryable }

// Send posts one attempt, its id as messageId.
func (p *Provider) Send(ctx context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	path, request, err := p.request(a)
	if err != nil {
		return provider.Unsendable(err)
	}
	body, err := json.Marshal(request)
	if err != nil {
		return provider.Unsendable(err)
	}
	x := p.client.Post(ctx, provider.Request{URL: p.config.BaseURL + path, Header: p.header(), Body: body}, gate)
	return outcome(x, a, provider.Private(a, p.config.APIKey.Reveal()))
}

func (p *Provider) header() http.Header {
	return http.Header{
		"X-Api-Key":    {p.config.APIKey.Reveal()},
		"Content-Type": {provider.JSONType},
		"Accept":       {provider.JSONType},
	}
}
