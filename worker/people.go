package worker

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
)

// People is what storage knows of people beyond a single message.
type People interface {
	// Suppress writes that a person wants nothing more; Suppressed asks for it.
	Suppress(ctx context.Context, to campaign.Destination) error
	Suppressed(ctx context.Context, to ...campaign.Destination) ([]bool, error)
	// WindowOpen says whether a person wrote to the account over WhatsApp within 24 hours.
	WindowOpen(ctx context.Context, account string, to campaign.Destination) (bool, error)
	// Capability says whether somebody can be reached on a lane, as far as it is known;
	// NoteCapability keeps what a provider says clearly.
	Capability(ctx context.Context, l campaign.Lane, to campaign.Destination) (capable, known bool, err error)
	NoteCapability(ctx context.Context, l campaign.Lane, capable map[campaign.Destination]bool) error
	// MayReach says whether a person may get one more message under a campaign's frequency.
	MayReach(ctx context.Context, to campaign.Destination, a campaign.AttemptID, most campaign.Limit) (bool, error)
	// Reached says which people one of these campaigns has reached.
	Reached(ctx context.Context, campaigns []string, to ...campaign.Destination) ([]bool, error)
}
