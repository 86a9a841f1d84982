package client

import (
	"context"
	"io"
	"net/url"

	"github.com/seed-438792ba/cascade/campaign"
)

// CreateCampaign enters a campaign. The same campaign again is no error; another one with
// its id is a Problem of the type DifferentCampaign.
func (c *Client) CreateCampaign(ctx context.Context, of campaign.Campaign) (Report, error) {
	return ask[Report](ctx, c, post("application/json", of.Canonical(), "v1", "campaigns"))
}

// CreateCampaignFile enters the campaign of a file, in YAML or JSON. What is wrong in it is
// a Problem that names every mistake with its line and column.
func (c *Client) CreateCampaignFile(ctx context.Context, file []byte) (Report, error) {
	return ask[Report](ctx, c, post("application/yaml", file, "v1", "campaigns"))
}

// Campaigns lists every campaign, by id.
func (c *Client) Campaigns(ctx context.Context) ([]Report, error) {
	list, err := ask[struct{ Campaigns []Report }](ctx, c, get("v1", "campaigns"))
	return list.Campaigns, err
}

// Campaign gives a campaign's numbers from one snapshot.
func (c *Client) Campaign(ctx context.Context, id string) (Report, error) {
	return ask[Report](ctx, c, get("v1", "campaigns", id))
}

// Start starts a campaign; one that takes recipients from files is sealed by it. It is
// refused while an upload goes on. The reason is for the journal, and may be empty, here
// and below.
func (c *Client) Start(ctx context.Context, id, reason string) (State, error) {
	return c.turn(ctx, id, "start", reason)
}

// StartOf is Start for a campaign of exactly so many messages: with others it is refused.
func (c *Client) StartOf(ctx context.Context, id string, accepted int, reason string) (State, error) {
	what, err := postJSON(startOrder{reason, accepted}, "v1", "campaigns", id, "start")
	if err != nil {
		return State{}, err
	}
	return ask[State](ctx, c, what)
}

// Pause holds a campaign. When it is answered no request can be claimed any more; those
// that were by then, InFlight of them, may still start.
func (c *Client) Pause(ctx context.Context, id, reason string) (State, error) {
	return c.turn(ctx, id, "pause", reason)
}

// Resume lets a paused campaign go on.
func (c *Client) Resume(ctx context.Context, id, reason string) (State, error) {
	return c.turn(ctx, id, "resume", reason)
}

// Cancel ends a campaign for ever, as a pause holds it.
func (c *Client) Cancel(ctx context.Context, id, reason string) (State, error) {
	return c.turn(ctx, id, "cancel", reason)
}

func (c *Client) turn(ctx context.Context, id, do, reason string) (State, error) {
	return change[State](ctx, c, reason, "v1", "campaigns", id, do)
}

// change is a call that changes something and says why.
func change[T any](ctx context.Context, c *Client, reason string, path ...string) (into T, err error) {
	what, err := postJSON(order{reason}, path...)
	if err != nil {
		return into, err
	}
	return ask[T](ctx, c, what)
}

// Retry sends once more, from the first leg, what came to nothing. What was delivered,
// in time or late, is never among it.
func (c *Client) Retry(ctx context.Context, id string, o RetryOrder) (Retried, error) {
	what, err := postJSON(o, "v1", "campaigns", id, "retry")
	if err != nil {
		return Retried{}, err
	}
	return ask[Retried](ctx, c, what)
}

// Rejects writes the rejected rows of all uploads to w, as a CSV that can be mended: their
// columns, then line, column, reason and text.
func (c *Client) Rejects(ctx context.Context, id string, w io.Writer) error {
	return c.copyTo(ctx, w, get("v1", "campaigns", id, "rejects"))
}

// ExportTo writes a line for each message to w, in the format csv or ndjson. After an
// error what was written is not whole.
func (c *Client) ExportTo(ctx context.Context, id, format string, w io.Writer) error {
	return c.copyTo(ctx, w, export(id, format))
}

func export(id, format string) call {
	what := get("v1", "campaigns", id, "export")
	what.query = url.Values{"format": {format}}
	return what
}
