// Package kaleyra is the adapter of Kaleyra: WhatsApp over its API v1, SMS, and RCS.
//
// Requests are urlencoded POSTs. A GET with the same fields is documented as well and
// never used, for it would leave texts and numbers in access logs. The second version
// of the WhatsApp API is not used: its answers and callbacks are not published in a
// form that could be verified.
//
// RCS is experimental: Kaleyra documents the request for a text, but neither its answer
// nor its status callbacks, nor any field for a reference of ours. The answer is read as
// if it were WhatsApp's (assumed), and without callbacks a leg's wait is all that ends it.
//
// # Callbacks
//
// Kaleyra reports to a callback profile of the console, named by callback_profile_id;
// a profile serves one channel only, and its body is the account owner's to write, with
// variables in angle brackets that Kaleyra fills in (documented). Whether anything is
// reported without one is not. This adapter reads, as JSON, as a form or in a query:
//
//	status of a message:  {"id": "<id>", "status": "<status>", "status_trace": "<status_trace>", "ref": "<ref>"}
//	what a person wrote:  {"from": "<from>", "body": "<body>", "created_at": "<created_at>", "type": "<type>"}
//
// Variables that the console does not offer for the channel are left out: status_trace
// is documented for SMS, ref nowhere; type tells WhatsApp from SMS, and so whether a
// free-form answer may follow. id and status are needed; ref lets a receipt be matched
// before the answer to its request was recorded. Of an incoming SMS, from is to be its
// sender and body its message, and the profile must not pass its status on: an SMS that
// came in has one as well. A profile can add basic authentication or a header of the
// owner's (documented): the account's callback_user and callback_header require them.
package kaleyra

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Provider sends over one Kaleyra account and reads its callbacks.
type Provider struct {
	config   Config
	messages string // addresses: of WhatsApp,
	sms      string // of SMS,
	rcs      string // of RCS
	client   *provider.Client
}

// New makes the adapter of one account. The error is a join of Config.Check's problems.
func New(c Config, client *provider.Client) (*Provider, error) {
	if err := provider.Join(c.Check()); err != nil {
		return nil, fmt.Errorf("kaleyra: %w", err)
	}
	account := strings.TrimRight(c.BaseURL, "/") + "/v1/" + c.SID
	return &Provider{
		config:   c,
		messages: account + "/messages",
		sms:      account + "/sms",
		rcs:      c.rcsBase() + "/v1/" + c.SID + "/rcs/messages",
		client:   client,
	}, nil
}

// Class is None: Kaleyra documents no idempotency key, no search by our reference, and
// no variable that is sure to bring the reference back.
func (p *Provider) Class(campaign.Channel) provider.Class { return provider.None }

// Send posts one attempt, its id as ref where the API has such a field.
func (p *Provider) Send(ctx context.Context, a campaign.Attempt, gate provider.Gate) provider.Outcome {
	request, err := p.request(a)
	if err != nil {
		return provider.Unsendable(err)
	}
	secrets := append(p.config.Credentials.Secrets(), p.config.APIKey.Reveal())
	return outcome(p.client.Post(ctx, request, gate), a, provider.Private(a, secrets...))
}
