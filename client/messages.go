package client

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/seed-438792ba/cascade/campaign"
)

// Send takes one message into its campaign. A message that is rejected is no error: the
// result says so, with its reason. The same message again is already there.
func (c *Client) Send(ctx context.Context, m campaign.Message) (campaign.MessageResult, error) {
	sent, err := c.SendBatch(ctx, []campaign.Message{m})
	if err != nil {
		return campaign.MessageResult{}, err
	}
	if len(sent.Messages) != 1 {
		return campaign.MessageResult{}, errors.New("the server answered for another number of messages than one")
	}
	return sent.Messages[0], nil
}

// SendBatch takes up to campaign.MaxMessages messages, of campaign.MaxMessagesBody bytes
// together, and answers each by itself.
func (c *Client) SendBatch(ctx context.Context, list []campaign.Message) (Sent, error) {
	what, err := postJSON(campaign.MessagesBody{Messages: list}, "v1", "messages")
	if err != nil {
		return Sent{}, err
	}
	return ask[Sent](ctx, c, what)
}

// Message tells a message's whole story. The id of one of its attempts, as a provider
// shows it, will do as well.
func (c *Client) Message(ctx context.Context, id string) (Story, error) {
	return ask[Story](ctx, c, get("v1", "messages", id))
}

// FindMessages gives every message to one person, over all campaigns, the latest first. The
// region, as IT, is for a number without a country code, and may be empty.
func (c *Client) FindMessages(ctx context.Context, number, region string) ([]FoundMessage, error) {
	what, err := postJSON(person{Destination: number, Region: region}, "v1", "messages", "find")
	if err != nil {
		return nil, err
	}
	page, err := ask[MessagePage](ctx, c, what)
	return page.Messages, err
}

// MessageFilter says which of a campaign's messages a page is of. Its lists ask for any of
// what they name; an empty one asks for nothing.
type MessageFilter struct {
	Phases   []string // as in failed
	Channels []string // on which the message stands
	Reasons  []string // as a line of the export has it
	After    string   // Next of the page before; "": the first page
	Limit    int      // how many; 0: 50
}

// Messages gives a page of a campaign's messages, in no order. It may hold few or none and
// still have a next: a page looks at so many records only.
func (c *Client) Messages(ctx context.Context, campaign string, f MessageFilter) (MessagePage, error) {
	what := get("v1", "campaigns", campaign, "messages")
	what.query = url.Values{"phase": f.Phases, "channel": f.Channels, "reason": f.Reasons}
	if f.After != "" {
		what.query.Set("after", f.After)
	}
	if f.Limit > 0 {
		what.query.Set("limit", strconv.Itoa(f.Limit))
	}
	return ask[MessagePage](ctx, c, what)
}
