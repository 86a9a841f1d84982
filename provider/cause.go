package provider

import "github.com/seed-438792ba/cascade/campaign"

// Cause is what a code says in a receipt. The attempt is over whatever it is, for the
// provider took it once: what a code obliges us to beyond that is in the cause.
func (c Code) Cause() campaign.Cause {
	switch o := c.Outcome; {
	case o.Throttled:
		return campaign.CauseThrottled
	case o.Kind == OptedOut:
		return campaign.CauseOptedOut
	case o.Kind == Invalid:
		return campaign.CauseInvalid
	case o.Kind == Misconfigured && o.Scope == AccountScope:
		return campaign.CauseAccount
	case o.Kind == Misconfigured:
		return campaign.CauseLane
	}
	return campaign.CauseUntold
}
