package web

import (
	"context"
	"net/url"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// campaignFailures tells for which reasons messages came to nothing. It is not live: it
// looks at every record of the campaign.
var campaignFailures = page{path: "/campaigns/{id}/failures", template: "failures", role: api.Viewer, read: readFailures}

type failuresPage struct {
	Campaign string
	client.Failures
}

// Title is the campaign's name.
func (p failuresPage) Title() string { return p.Campaign + ": failures" }

func readFailures(ctx context.Context, v *visit) (any, error) {
	id := v.value("id")
	found, err := v.Client.Failures(ctx, id)
	return failuresPage{id, found}, err
}

// confirmRetry says what a retry would take, exactly, before it is ordered.
var confirmRetry = page{path: "/campaigns/{id}/retry", template: "retry", role: api.Operator, read: readRetry}

type retryPage struct {
	Campaign string
	Order    client.RetryOrder
	client.Retried
}

// Title is the campaign's name.
func (p retryPage) Title() string { return p.Campaign + ": retry" }

// LeftOut says what is not taken, and why.
func (p retryPage) LeftOut() string { return leftOut(p.Retried) }

func readRetry(ctx context.Context, v *visit) (any, error) {
	id, order := v.value("id"), retryOrder(v.path.Query())
	order.DryRun = true
	would, err := v.Retry(ctx, id, order)
	return retryPage{id, order, would}, err
}

// retryOrder reads which messages to send once more from a form or an address. The empty
// reason is one: that of messages for which none was given, as of those that expired.
func retryOrder(values url.Values) client.RetryOrder {
	return client.RetryOrder{Phases: chosen(values["phase"]), Reasons: values["reason"]}
}
