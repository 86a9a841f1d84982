package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
)

// campaigns is the list of all campaigns.
var campaigns = page{path: "/campaigns", template: "campaigns", title: "Campaigns", role: api.Viewer, live: true, asks: []string{"state", "q", "after"}, read: readCampaigns}

// campaignsAtOnce is how many a page of the list has.
const campaignsAtOnce = 50

type campaignsPage struct {
	Text      string
	States    []choice
	Campaigns []campaignRow
	Next      string // address of the next page; "": there is none
	First     bool   // this is the first page
}

// choice is one of a filter's.
type choice struct {
	Name   string
	Chosen bool
}

func choices(chosen []string, names ...string) []choice {
	list := make([]choice, len(names))
	for i, name := range names {
		list[i] = choice{name, slices.Contains(chosen, name)}
	}
	return list
}

func readCampaigns(ctx context.Context, v *visit) (any, error) {
	q := client.CampaignQuery{States: chosen(v.path.Query()["state"]), Text: v.query("q"), After: v.query("after"), Limit: campaignsAtOnce}
	list, err := v.CampaignPage(ctx, q)
	if err != nil {
		return nil, err
	}
	p := campaignsPage{Text: q.Text, States: choices(q.States, "draft", "ready", "running", "paused", "finished", "cancelled"), First: q.After == "", Next: v.next(list.Next)}
	for _, r := range list.Campaigns {
		p.Campaigns = append(p.Campaigns, campaignRow{r, v.dashboard.tracks.look(v.now, r)})
	}
	return p, nil
}

// chosen are the values of a filter, without the one for all.
func chosen(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(s string) bool { return s == "" })
}

// next is the address of the page after this one.
func (v *visit) next(after string) string {
	if after == "" {
		return ""
	}
	q := v.path.Query()
	q.Set("after", after)
	return "?" + q.Encode()
}

// to is a path of these parts, each of which may hold any sign.
func to(parts ...string) string {
	escaped := make([]string, len(parts))
	for i, p := range parts {
		escaped[i] = url.PathEscape(p)
	}
	return "/" + strings.Join(escaped, "/")
}

// openOf are the messages that still move, of counts by phase.
func openOf(counts map[string]int) (n int) {
	for _, p := range fallback.Phases() {
		if p.Open() {
			n += counts[p.String()]
		}
	}
	return n
}
