package web

import (
	"context"
	"slices"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// lanesPlace is where limits hold, and the switch that stops everything.
var lanesPlace = page{path: "/lanes", template: "lanes", title: "Lanes", role: api.Viewer, live: true, read: readLanes}

type lanesPage struct {
	Lanes    []laneView
	Accounts []string
	Stopped  *client.Lane // nil: sending is not stopped as a whole
	Queued   int          // jobs on all queues, and in hand
	Due      int          // messages whose time has come, in all lines
}

func readLanes(ctx context.Context, v *visit) (any, error) {
	lanes, err := v.lanes(ctx)
	if err != nil {
		return nil, err
	}
	queues, err := v.queues(ctx)
	if err != nil {
		return nil, err
	}
	p := lanesPage{Lanes: make([]laneView, len(lanes))}
	for i, l := range lanes {
		view := viewLane(l, queues)
		p.Lanes[i] = view
		p.Queued, p.Due = p.Queued+view.Queue.Pending+view.Queue.Active, p.Due+view.Queue.Due
		if account := view.Account(); !slices.Contains(p.Accounts, account) {
			p.Accounts = append(p.Accounts, account)
		}
		if l.State == "paused" && l.Scope == everything {
			p.Stopped = &lanes[i]
		}
	}
	return p, nil
}

// turnEverything stops all sending, or undoes that.
func turnEverything(turn func(*client.Client, context.Context, string) ([]client.Lane, error), said string) func(context.Context, *visit) (string, string, error) {
	return func(ctx context.Context, v *visit) (string, string, error) {
		why, err := v.why()
		if err == nil {
			_, err = turn(v.Client, ctx, why)
		}
		return "/lanes", said, err
	}
}
