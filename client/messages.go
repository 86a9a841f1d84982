package client

import (
	"context"
	"errors"

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
