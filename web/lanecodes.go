package web

import (
	"cmp"
	"context"
	"slices"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// laneCodes is what a lane's attempts ended with, and what to do about each code. It is a
// page of its own, and not live, for it is counted from the records.
var laneCodes = page{path: "/lanes/{lane}/codes", template: "lanecodes", role: api.Viewer, read: readLaneCodes}

// mostCounted is how many campaigns are counted: those with the most that went wrong.
const mostCounted = 10

type laneCodesPage struct {
	Lane      string
	Campaigns []string // that were counted
	More      bool     // others have used the lane as well
	Codes     []client.Ending
}

// Title is the page's.
func (p laneCodesPage) Title() string { return "Error codes on " + p.Lane }

func readLaneCodes(ctx context.Context, v *visit) (any, error) {
	p := laneCodesPage{Lane: v.value("lane")}
	list, err := v.CampaignPage(ctx, client.CampaignQuery{})
	if err != nil {
		return nil, err
	}
	users := usersOf(p.Lane, list.Campaigns)
	p.More = len(users) > mostCounted
	for _, c := range users[:min(len(users), mostCounted)] {
		found, err := v.Failures(ctx, c.Campaign)
		if err != nil {
			return nil, err
		}
		p.Campaigns = append(p.Campaigns, c.Campaign)
		for _, e := range found.Attempts {
			p.add(e)
		}
	}
	slices.SortStableFunc(p.Codes, func(a, b client.Ending) int { return cmp.Compare(b.Attempts, a.Attempts) })
	return p, nil
}

// add counts a campaign's reason among those of the lane.
func (p *laneCodesPage) add(e client.Ending) {
	if e.Lane != p.Lane {
		return
	}
	for i := range p.Codes {
		if p.Codes[i].Reason == e.Reason {
			p.Codes[i].Attempts += e.Attempts
			return
		}
	}
	p.Codes = append(p.Codes, e)
}

// usersOf are the campaigns some of whose attempts on a lane went wrong, the worst first.
func usersOf(lane string, list []client.Report) (users []client.Report) {
	wrong := func(r client.Report) (n int) {
		for _, l := range r.Legs {
			if l.Account+"."+l.Channel.String() == lane {
				n += bad(l)
			}
		}
		return n
	}
	for _, r := range list {
		if wrong(r) > 0 {
			users = append(users, r)
		}
	}
	slices.SortStableFunc(users, func(a, b client.Report) int { return cmp.Compare(wrong(b), wrong(a)) })
	return users
}

// bad are the attempts of a leg that did not reach their person.
func bad(l campaign.LegSummary) int { return l.Undelivered + l.Refused + l.TimedOut }
