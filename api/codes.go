package api

import (
	"cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// Codes explain the reasons that providers gave, by account.
type Codes map[string]provider.Explainer

// of is what an attempt's reason means; nothing, where nobody knows.
func (cs Codes) of(c *campaign.Campaign, a *fallback.Attempt) (code provider.Code) {
	if e := cs[c.Route[a.Leg].Account]; e != nil && a.End != fallback.NoEnd {
		code, _ = e.Explain(reasonOf(a))
	}
	return code
}

// reasonOf is what an attempt ended for without success, in the provider's words if it
// gave any.
func reasonOf(a *fallback.Attempt) string { return cmp.Or(a.Reason, a.End.String()) }

// reasonAtLast is the reason that a record's line in an export shows; "": none.
func reasonAtLast(r *fallback.Record) string {
	if why := endOf(r); why != nil {
		return reasonOf(why)
	}
	return ""
}

// endOf is the last attempt of an undelivered message that ended without success; nil if
// there is none.
func endOf(r *fallback.Record) *fallback.Attempt {
	if r.State.Phase == fallback.Delivered {
		return nil
	}
	for i := len(r.History) - 1; i >= 0; i-- {
		if a := &r.History[i]; a.End != fallback.NoEnd {
			return a
		}
	}
	return nil
}
