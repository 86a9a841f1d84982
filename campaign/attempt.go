package campaign

import (
	"fmt"
	"time"
)

// Attempt is one try on one leg, ready to be sent: its texts are filled.
type Attempt struct {
	ID         AttemptID // what the provider gets as its messageId, reference or ref
	CampaignID string
	To         Destination
	Channel    Channel
	Content    Content   // with placeholders filled, but a template's own
	Variables  Variables // for templates with named placeholders; only those the template wants
	Chain      []Link    // where the provider goes on by itself, in order; its whole content goes into the one request

	Validity   time.Duration // for delivered: after it the next leg is tried; 0: none is known
	Simulation bool          // to be taken and not sent
}

// Attempt builds the attempt that its id names: the leg's content with the person's
// values. A leg that the route lacks, and a placeholder without a value, are errors.
func (c Campaign) Attempt(id AttemptID, to Destination, vars Variables) (Attempt, error) {
	if id.Leg() < 0 || id.Leg() >= len(c.Route) {
		return Attempt{}, fmt.Errorf("attempt %s: the route of campaign %q has %d legs, not leg %d", id, c.ID, len(c.Route), id.Leg()+1)
	}
	leg := c.Route[id.Leg()]
	content, err := leg.Content.Fill(vars)
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %s: %w", id, err)
	}
	wanted, err := leg.TemplateVariables(vars)
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %s: %w", id, err)
	}
	chain, err := leg.links(vars)
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %s: %w", id, err)
	}
	return Attempt{
		ID: id, CampaignID: c.ID, To: to, Channel: leg.Channel,
		Content: content, Variables: wanted, Chain: chain, Validity: leg.Wait, Simulation: leg.Simulation,
	}, nil
}
