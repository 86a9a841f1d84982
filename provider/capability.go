package provider

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
)

// CapabilityChecker is a provider whose contract documents how to ask, before anything is
// sent, whether people can be reached on a channel.
type CapabilityChecker interface {
	// ChecksCapability says whether it can be asked about this channel.
	ChecksCapability(on campaign.Channel) bool
	// Capable asks about up to MaxCapability people, in one request. Of each it says what
	// is clear; who is not in it is sent to as usual. Like Send it never retries, sleeps or
	// limits, and asks the gate once. The outcome is Accepted if there was an answer.
	Capable(ctx context.Context, on campaign.Channel, people []campaign.Destination, gate Gate) (map[campaign.Destination]bool, Outcome)
}

// MaxCapability is how many people one question is about.
const MaxCapability = 10

// NoCapability is what is wrong with a leg that asks where nobody can be asked.
const NoCapability = "this provider documents no way to ask whether somebody can be reached on this channel: leave capability out"
