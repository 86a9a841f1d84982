package api

import (
	"cmp"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// endings count how attempts ended that did not reach their person, by lane and reason,
// whether or not another leg did.
type endings map[ending]int

type ending struct {
	lane   campaign.Lane
	reason string
}

// count adds those of a record.
func (e endings) count(c *campaign.Campaign, r *fallback.Record) {
	for i := range r.History {
		if a := &r.History[i]; unreached(a) {
			e[ending{c.Route[a.Leg].Lane(), reasonOf(a)}]++
		}
	}
}

// unreached says that an attempt ended, and not well after all.
func unreached(a *fallback.Attempt) bool {
	return a.End != fallback.NoEnd && a.Best < fallback.FactDelivered
}

// list explains them, the most frequent first, and says how many attempts it leaves out.
func (e endings) list(codes Codes) (list []Ending, others int) {
	list = []Ending{}
	for of, n := range e {
		l := Ending{Lane: of.lane.String(), Reason: of.reason, Attempts: n}
		if x := codes[of.lane.Account]; x != nil {
			code, _ := x.Explain(of.reason)
			l.Meaning, l.Mend = code.Meaning, code.Mend
		}
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b Ending) int {
		return cmp.Or(cmp.Compare(b.Attempts, a.Attempts), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Reason, b.Reason))
	})
	for _, l := range list[min(len(list), mostFailures):] {
		others += l.Attempts
	}
	return list[:min(len(list), mostFailures)], others
}
