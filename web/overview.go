package web

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// overview is the first page: how everything stands.
var overview = page{path: "/{$}", template: "overview", title: "Overview", role: api.Viewer, live: true, read: readOverview}

// mostShown is how many unfinished campaigns the overview shows.
const mostShown = 25

type overviewPage struct {
	Lanes     []laneRow
	Chart     string
	Campaigns []campaignRow
	More      bool // there are more that are not finished
	Work      work
}

// laneRow is a lane with its queue, and with what the unfinished campaigns' attempts on it
// came to of late.
type laneRow struct {
	client.Lane
	Queue  queueView
	Errors errorsOf
}

// Breaker says whether the provider is taken for sick.
func (l laneRow) Breaker() string { return breakerOf(l.Lane) }

// campaignRow is a campaign in a list.
type campaignRow struct {
	client.Report
	Pace pace
}

// Sent are the first sends, Closed the messages that are over.
func (c campaignRow) Sent() int {
	if len(c.Legs) == 0 {
		return 0
	}
	return c.Legs[0].Sent
}

// Open are the messages that still move.
func (c campaignRow) Open() int { return openOf(c.Counts) }

// Closed are the messages that are over.
func (c campaignRow) Closed() int { return c.Accepted - c.Open() }

// Delivered are the messages that reached their people.
func (c campaignRow) Delivered() int { return c.Counts["delivered"] }

// ETA is how long the first sends still take, at the pace of late; 0: that cannot be said.
func (c campaignRow) ETA() time.Duration { return eta(c.Accepted-c.Sent(), c.Pace.First) }

// unfinished are the states of campaigns that somebody may wait for.
var unfinished = []string{"draft", "ready", "running", "paused"}

func readOverview(ctx context.Context, v *visit) (any, error) {
	lanes, err := v.lanes(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.CampaignPage(ctx, client.CampaignQuery{States: unfinished, Limit: mostShown})
	if err != nil {
		return nil, err
	}
	queues, err := v.queues(ctx)
	if err != nil {
		return nil, err
	}
	p := overviewPage{Chart: v.dashboard.ring.chart(), More: list.Next != ""}
	errors := map[string]errorsOf{}
	for _, r := range list.Campaigns {
		row := campaignRow{r, v.dashboard.tracks.look(v.now, r)}
		p.Campaigns = append(p.Campaigns, row)
		for i, l := range r.Legs {
			name := l.Account + "." + l.Channel.String()
			e := errors[name]
			errors[name] = errorsOf{e.Ended + row.Pace.Legs[i].Ended, e.Bad + row.Pace.Legs[i].Bad}
		}
	}
	for _, l := range lanes {
		row := laneRow{Lane: l, Errors: errors[l.Name]}
		for _, q := range queues {
			if q.Name == l.Name {
				row.Queue = queueView{q, v.now}
			}
		}
		p.Lanes = append(p.Lanes, row)
	}
	p.Work, err = v.work(ctx, queues)
	return p, err
}
