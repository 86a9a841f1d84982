package provider

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
)

// Inspector is a provider whose contract documents how to look up what a leg names:
// templates, senders. It is asked by people who check a campaign, never by a send.
type Inspector interface {
	// Inspect looks up what the leg names. handed are the values that the leg gives its
	// template, by name; nil: they are not known. It sends nothing, and never retries.
	Inspect(ctx context.Context, leg campaign.Leg, handed []string) []Finding
}

// Finding is something that a look-up brought to light, as a sentence.
type Finding struct {
	Warning bool // it may be as it should; else nothing on this leg would arrive
	Text    string
}
