package web

import (
	"context"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// oneMessage is a message's story.
var oneMessage = page{path: "/messages/{id}", template: "message", role: api.Viewer, live: true, read: readMessage}

type messagePage struct{ client.Story }

// Title is the message's id.
func (p messagePage) Title() string { return "Message " + p.Message.String() }

func readMessage(ctx context.Context, v *visit) (any, error) {
	story, err := v.Client.Message(ctx, v.value("id"))
	return messagePage{story}, err
}
