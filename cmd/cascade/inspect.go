package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
	"github.com/seed-438792ba/cascade/provider"
)

// lookWithin bounds how long validate waits for one leg's provider.
const lookWithin = 5 * time.Second

// lookedUp is what a provider says of a leg.
type lookedUp struct {
	Leg     int    `json:"leg"` // counted from 1
	Warning bool   `json:"warning"`
	Text    string `json:"text"`
}

// lookUp asks the route's providers for what its legs name, where they can be asked.
func (v *validation) lookUp(ctx context.Context, cfg *config.Config) error {
	adapters, err := cfg.Providers(provider.ClientOptions{Concurrency: 1})
	if err != nil {
		return err
	}
	for i, leg := range v.campaign.Route.Links() {
		inspector, is := adapters[leg.Account].(provider.Inspector)
		if !is {
			continue
		}
		found := v.inspect(ctx, inspector, leg)
		for _, f := range found {
			v.LookedUp = append(v.LookedUp, lookedUp{i + 1, f.Warning, f.Text})
		}
	}
	return nil
}

func (v *validation) inspect(ctx context.Context, inspector provider.Inspector, leg campaign.Leg) []provider.Finding {
	ctx, done := context.WithTimeout(ctx, lookWithin)
	defer done()
	return inspector.Inspect(ctx, leg, v.handed(leg))
}

// handed are the names of the values that a leg's template gets; nil where the file, which
// would tell, was not read.
func (v *validation) handed(leg campaign.Leg) []string {
	t := leg.Content.Template
	switch {
	case t == nil:
		return nil
	case t.Placeholders != nil:
		return t.Placeholders
	case v.File == nil:
		return nil
	}
	return append([]string{}, v.campaign.VariableNames(v.File.Header)...)
}

// wrong is how much the providers know to be wrong: an answer that did not come is no
// fault of the campaign's.
func (v *validation) wrong() (n int) {
	for _, l := range v.LookedUp {
		if !l.Warning {
			n++
		}
	}
	return n
}

// printLookedUp tells what was found, apart from the data.
func (v *validation) printLookedUp(w io.Writer) {
	for _, l := range v.LookedUp {
		kind := map[bool]string{true: "warning", false: "wrong"}[l.Warning]
		fmt.Fprintf(w, "%s: leg %d: %s\n", kind, l.Leg, l.Text)
	}
}
