package store

import (
	"context"
	"fmt"

	"github.com/seed-438792ba/cascade/campaign"
)

// MayReach says whether a person may get one more message under this limit, which holds
// over all campaigns that have one, and notes it then. The message is told by the first
// attempt of its try: its other legs, and whoever asks again, are answered the same. One
// that is noted and then not sent counts all the same, so that the limit is never exceeded.
func (s *Store) MayReach(ctx context.Context, to campaign.Destination, a campaign.AttemptID, most campaign.Limit) (bool, error) {
	first := a.Message().Attempt(0, a.Try())
	may, err := s.scripts.frequency.Run(ctx, s.client, []string{keyFrequency(s.idKey.Person(to))},
		string(first[:]), most.N, most.Window.Milliseconds(), campaign.MaxFrequency.Milliseconds()).Bool()
	if err != nil {
		return false, fmt.Errorf("look how much a person got: %w", err)
	}
	return may, nil
}
