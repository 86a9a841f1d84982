package fallback

import "github.com/seed-438792ba/cascade/campaign"

// linked makes of news about one channel of a provider's chain what it means for the
// message: that an earlier channel did not deliver only says that the chain is under way,
// for the provider goes on by itself. News of a last channel, of none that is told, or of
// a recipient who is wrong everywhere ends it. Where there is no chain the leg tells the
// channel, and it is not kept.
func linked(c *campaign.Campaign, r *Record, e Event) Event {
	leg := e.Attempt.Leg()
	if e.Channel == 0 || leg < 0 || len(c.Route[leg].Chain) == 0 {
		e.Channel = 0
		return e
	}
	chain := c.Route[leg].Chain
	if e.Kind == OnUndelivered && !e.Everywhere && e.Channel != chain[len(chain)-1].Channel {
		e.Kind, e.End, e.Reason = OnSent, NoEnd, ""
	}
	a := r.find(leg, e.Attempt.Try())
	e.twice = a != nil && a.Reached != 0 && a.Reached != e.Channel
	return e
}

// reach keeps the first channel of a chain that is told to have reached the person.
func (a *Attempt) reach(on campaign.Channel) {
	if a.Reached == 0 {
		a.Reached = on
	}
}
