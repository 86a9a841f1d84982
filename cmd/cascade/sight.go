package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/client"
)

// sight is a campaign as a server tells of it: what watch shows.
type sight struct {
	client.Flow
	lanes        []client.Lane
	at, begun    time.Time
	sent, closed float64 // a second, of late
}

// look makes a sight of a campaign's flow, with the rates since the last few.
func (m *marks) look(r client.Flow, lanes []client.Lane, now time.Time) sight {
	s := sight{Flow: r, lanes: lanes, at: now, begun: now}
	if r.StartedAt != nil {
		s.begun = *r.StartedAt
	}
	s.sent, s.closed = m.rates(mark{now, s.firstSends(), r.Accepted - openOf(r.Report)})
	return s
}

func (s sight) when() time.Time { return s.at }

func (s sight) firstSends() int {
	if len(s.Legs) == 0 {
		return 0
	}
	return s.Legs[0].Sent
}

func (s sight) line() string {
	return fmt.Sprintf("%s  %s  %s  %s  sent %d of %d  closed %d  delivered %d", s.at.Format(time.TimeOnly), s.Campaign,
		strings.ToUpper(s.State), s.Reason, s.firstSends(), s.Accepted, s.Accepted-openOf(s.Report), s.Counts["delivered"])
}

func (s sight) draw() string {
	var b strings.Builder
	closed := s.Accepted - openOf(s.Report)
	fmt.Fprintf(&b, "%s  %s  %s   %s  elapsed %s\n", s.Campaign, strings.ToUpper(s.State), s.Reason, s.at.Format(time.TimeOnly), s.at.Sub(s.begun).Round(time.Second))
	fmt.Fprintf(&b, "first sends %s  %s / %s  %.1f/s%s\n", bar(s.firstSends(), s.Accepted, wide), count(s.firstSends()), count(s.Accepted), s.sent, eta(s.Accepted-s.firstSends(), s.sent))
	fmt.Fprintf(&b, "closed      %s  %s / %s  %.1f/s%s\n", bar(closed, s.Accepted, wide), count(closed), count(s.Accepted), s.closed, eta(s.Accepted-closed, s.closed))
	rows := s.rows()
	legTable(&b, rows)
	tellEscalations(&b, rows, s.Overlaps)
	return b.String()
}

// rows are the legs of the sight.
func (s sight) rows() []legRow {
	rows := make([]legRow, min(len(s.Legs), len(s.Flow.Flow)))
	for i := range rows {
		f := s.Flow.Flow[i]
		rows[i] = legRow{LegSummary: s.Legs[i], phases: f.Phases, escalated: f.Escalated, read: f.Read, lane: s.lane(i)}
	}
	return rows
}

// lane is how a leg's lane stands; a server that does not tell leaves dashes.
func (s sight) lane(leg int) standing {
	name := campaign.Lane{Account: s.Legs[leg].Account, Channel: s.Legs[leg].Channel}.String()
	at := slices.IndexFunc(s.lanes, func(l client.Lane) bool { return l.Name == name })
	if at < 0 {
		return standing{state: "-"}
	}
	l := s.lanes[at]
	return standing{l.Observed, l.PerSecond, time.Duration(l.AnswerP95) * time.Millisecond, l.State}
}
