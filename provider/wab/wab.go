// Package wab is the adapter of the Mobile Gateway: its "WhatsApp For Business" API and
// the SMS API beside it. The gateway has no RCS.
//
// Of the SMS API's two versions the first is used: a reference of ours, the sender and
// the answer are documented there, of the second only the recipient and the text. The
// vendor prefers the second for new work.
//
// # Callbacks
//
// Where the gateway reports is said in its configuration of the application, not in a
// request. A delivery receipt has no time, and for WhatsApp no reason; nothing tells
// that a message was read.
package wab

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Provider sends over one application of a Mobile Gateway and reads its callbacks.
type Provider struct {
	config Config
	client *provider.Client
}

// New makes the adapter of one account. The error is a join of Config.Check's problems.
func New(c Config, client *provider.Client) (*Provider, error) {
	if err := provider.Join(c.Check()); err != nil {
		return nil, fmt.Errorf("wab: %w", err)
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return &Provider{config: c, client: client}, nil
}

// Class is None: the gateway documents no idempotency key and no search by our
// reference, and the reference may come back empty in WhatsApp's receipts.
func (p *Provider) Class(campaign.Channel) provider.Class { return provider.None }

// Send posts one attempt, its id as reference.
func (p *Provider) Send(ctx context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	path, request, err := p.request(a)
	if err != nil {
		return provider.Unsendable(err)
	}
	body, err := json.Marshal(request)
	if err != nil {
		return provider.Unsendable(err)
	}
	x := p.client.Post(ctx, provider.Request{URL: p.config.BaseURL + path, Header: p.header(a.Channel), Body: body}, gate)
	return outcome(x, a, provider.Private(a, p.config.Password.Reveal(), p.credentials()))
}

func (p *Provider) header(c campaign.Channel) http.Header {
	accept := provider.JSONType
	if c == campaign.SMS {
		accept = "application/vnd.modica.gateway.v1+json" // which version is meant
	}
	return http.Header{
		"Authorization": {"Basic " + p.credentials()},
		"Content-Type":  {provider.JSONType},
		"Accept":        {accept},
	}
}

func (p *Provider) credentials() string {
	return base64.StdEncoding.EncodeToString([]byte(p.config.Username + ":" + p.config.Password.Reveal()))
}
