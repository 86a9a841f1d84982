package web

import (
	"context"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// overview is the first page: how everything stands.
var overview = page{path: "/{$}", template: "overview", title: "Overview", role: api.Viewer, live: true, read: readOverview}

type overviewPage struct {
	Lanes []client.Lane
}

func readOverview(ctx context.Context, v *visit) (any, error) {
	lanes, err := v.lanes(ctx)
	return overviewPage{lanes}, err
}
