// Package infobip is the adapter of Infobip: WhatsApp, RCS and SMS over its channel APIs.
//
// What it writes and reads is documented by the provider (OpenAPI 3.210.0 and the
// registry of statuses and errors), but where a comment says "assumed". Infobip can
// run the fallback by itself (smsFailover): it is asked to only for a leg that has a
// chain, for two fallbacks on one message would send twice. It asks for no reports by message
// either: a notifyUrl bears no credentials, a subscription of the account does.
package infobip

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Provider sends over one Infobip account and reads its callbacks.
type Provider struct {
	config Config
	client *provider.Client
}

// New makes the adapter of one account. The error is a join of Config.Check's problems.
func New(c Config, client *provider.Client) (*Provider, error) {
	if err := provider.Join(c.Check()); err != nil {
		return nil, fmt.Errorf("infobip: %w", err)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return &Provider{config: c, client: client}, nil
}

// Class is Idempotent on SMS, where a repeated messageId is refused (documented: status
// 23). That WhatsApp and RCS do the same is assumed, which is not enough to send again:
// there our id comes back in every report as its messageId (documented), so they are
// Echo. They are not Queryable: a report is given out once only, to whoever asks first,
// and how the logs are searched by our id is not documented.
func (p *Provider) Class(c campaign.Channel) provider.Class {
	if c == campaign.SMS {
		return provider.Idempotent
	}
	return provider.Echo
}

// Send posts one attempt, its id as messageId. What the person's own values make
// unfit for the channel is Refused and not sent.
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
	return outcome(x, a, provider.Private(a, p.secrets()...))
}

func (p *Provider) secrets() []string {
	return append(p.config.Credentials.Secrets(), p.config.APIKey.Reveal(), p.config.CallbackHMACKey.Reveal())
}

func (p *Provider) header() http.Header {
	return http.Header{
		"Authorization": {"App " + p.config.APIKey.Reveal()},
		"Content-Type":  {provider.JSONType},
		"Accept":        {provider.JSONType},
	}
}
