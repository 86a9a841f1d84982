package provider

import (
	"context"

	"github.com/seed-438792ba/cascade/campaign"
)

// Asker asks a provider what became of attempts, by our ids. An adapter is one where
// its provider's contract documents such a question, and its Class is Queryable then.
type Asker interface {
	// Ask asks, in one request, about attempts that were sent on one channel. Like Send
	// it never retries, sleeps or limits, and asks the gate once, at the first byte.
	Ask(ctx context.Context, on campaign.Channel, about []campaign.AttemptID, gate Gate) Findings
}

// Findings are what a provider said when it was asked.
type Findings struct {
	// Outcome is Accepted if it answered in a way that can be read. Otherwise it says
	// why not, as of a Send; but nothing was to be taken, and nothing is in doubt for it.
	Outcome Outcome
	News    []campaign.Receipt   // what it has, as a callback would tell it
	Missing []campaign.AttemptID // what it said, of each by itself, that it has nothing of
}
