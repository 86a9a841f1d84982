package web

import (
	"context"
	"strings"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
	"github.com/seed-438792ba/cascade/fallback"
)

// oneCampaign is how a campaign stands, and what can be done about it.
var oneCampaign = page{path: "/campaigns/{id}", template: "campaign", role: api.Viewer, live: true, read: readCampaign}

type campaignPage struct {
	campaignRow
	Of      client.Flow
	Legs    []legRow
	Drawing drawing
	Chart   string // of its last minutes
	File    campaign.Campaign
}

// Title is the campaign's name.
func (p campaignPage) Title() string { return p.Campaign }

// legRow is a leg with its numbers.
type legRow struct {
	client.FlowLeg
	Attempts campaign.LegSummary
	Open     int
	Failed   int // closed without being delivered
	Errors   errorsOf
}

// Lane is the lane of the leg.
func (l legRow) Lane() string { return l.Account + "." + l.Channel.String() }

func readCampaign(ctx context.Context, v *visit) (any, error) {
	id := v.value("id")
	flow, err := v.Flow(ctx, id)
	if err != nil {
		return nil, err
	}
	file, err := v.CampaignFile(ctx, id)
	if err != nil {
		return nil, err
	}
	p := campaignPage{campaignRow: campaignRow{flow.Report, v.dashboard.tracks.look(v.now, flow.Report)}, Of: flow, File: file}
	for i, l := range flow.Flow {
		row := legRow{FlowLeg: l, Attempts: flow.Legs[i], Open: openOf(l.Phases), Errors: p.Pace.Legs[i]}
		row.Failed = l.Came - l.WentOn - row.Open - l.Phases["delivered"]
		p.Legs = append(p.Legs, row)
	}
	p.Drawing, p.Chart = draw(p.Legs, flow.Accepted), v.dashboard.tracks.chart(flow.Campaign)
	return p, nil
}

// part is a phase and how many messages are in it.
type part struct {
	Phase string
	N     int
}

// Books are the phases whose sum is what was accepted. Those of none are left out, but for
// the delivered.
func (p campaignPage) Books() (list []part) {
	for _, phase := range fallback.Phases() {
		if n := p.Counts[phase.String()]; n > 0 || phase == fallback.Delivered {
			list = append(list, part{phase.String(), n})
		}
	}
	return list
}

// Sum is the sum of the books.
func (p campaignPage) Sum() (n int) {
	for _, part := range p.Books() {
		n += part.N
	}
	return n
}

// Unsent are the messages that a cancel closes at once, and that a pause holds.
func (p campaignPage) Unsent() int { return p.Counts["scheduled"] + p.Counts["queued"] }

// Again are the messages that a retry may take.
func (p campaignPage) Again() int {
	return p.Counts["failed"] + p.Counts["unconfirmed"] + p.Counts["expired"]
}

// Unknown is how many outcomes were unknown for a while.
func (p campaignPage) Unknown() (n int) {
	for _, k := range p.UnknownResolved {
		n += k
	}
	return n
}

// Throttle is the campaign's own limits, as its form takes them.
func (p campaignPage) Throttle() string { return limitsText(p.File.Throttle) }

// CanStart says whether a start may be tried; what stands against it the API says.
func (p campaignPage) CanStart() bool {
	return p.State == "ready" || p.State == "draft" && p.Of.Standing
}

// Over says whether it has ended for ever.
func (p campaignPage) Over() bool { return p.State == "cancelled" }

// ended is how many attempts ended in a way.
type ended struct {
	word string
	n    int
}

// endsOf are those of which there are some.
func endsOf(by map[string]int) (list []ended) {
	for _, end := range []struct{ name, word string }{
		{"timed_out", "no receipt"}, {"undelivered", "undelivered"}, {"refused", "refused"}, {"expired", "expired"}, {"rejected", "rejected"},
	} {
		if n := by[end.name]; n > 0 {
			list = append(list, ended{end.word, n})
		}
	}
	return list
}

// ends tells of them in words.
func ends(by map[string]int) string {
	var parts []string
	for _, e := range endsOf(by) {
		parts = append(parts, e.word+" "+count(e.n))
	}
	return strings.Join(parts, ", ")
}
