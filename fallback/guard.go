package fallback

import "github.com/seed-438792ba/cascade/campaign"

// guards is a set of conditions under which a row holds. The empty set always does.
type guards uint16

const (
	always    guards = 0
	current   guards = 1 << (iota - 1) // the event speaks of the present attempt
	mine                               // and of its present job or claim
	more                               // there is a next leg
	last                               // there is none
	patient                            // fewer than five "try later" for this attempt
	early                              // the leg's wait is not over
	asks                               // the provider can be asked
	repeats                            // it takes a request once, however often it comes
	resend                             // the campaign sends once more when in doubt, and has not yet
	settled                            // the provider has denied it for long enough, and for the first time
	overtaken                          // a later leg was sent
	reached                            // another leg, or channel of a provider's chain, has delivered this message already
	ended                              // its campaign is cancelled
	renewable                          // it has not been delivered after its close, nor been erased
	hopeless                           // the recipient is wrong on every channel
	guardsEnd
)

func (g guards) holds(c *campaign.Campaign, s State, e Event) bool {
	for bit := guards(1); bit < guardsEnd; bit <<= 1 {
		if g&bit != 0 && !bit.one(c, s, e) {
			return false
		}
	}
	return true
}

func (g guards) one(c *campaign.Campaign, s State, e Event) bool {
	isCurrent := e.Attempt.Leg() == int(s.Leg) && e.Attempt.Try() == int(s.Try)
	hasMore := int(s.Leg)+1 < len(c.Route) && !s.Marks.Has(Final)
	switch g {
	case current:
		return isCurrent
	case mine:
		return isCurrent && e.Mark == s.Ticket && s.Ticket != 0
	case more:
		return hasMore
	case last:
		return !hasMore
	case patient:
		return s.patient()
	case early:
		_, over := e.remedy.check(c.Route[s.Leg].Wait, s)
		return !over
	case asks:
		return e.remedy == Ask
	case repeats:
		return e.remedy == Repeat
	case resend:
		return c.OnUnknown == campaign.AtLeastOnce && s.Marks&(Resent|Final) == 0
	case settled:
		return e.settled && !s.Marks.Has(Denied)
	case overtaken:
		return e.overtaken
	case reached:
		return e.Attempt.Leg() != int(s.Leg) || e.twice
	case ended:
		return s.Marks.Has(Final)
	case renewable:
		return s.Marks&(Late|Erased) == 0
	case hopeless:
		return e.Everywhere
	}
	return false
}
