package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// legRow is a leg of a campaign that is shown while it runs.
type legRow struct {
	campaign.LegSummary
	phases    map[string]int // messages that stand on it, by phase
	escalated map[string]int // attempts that made way for another, by how they ended
	read      int
	lane      standing
}

// standing is how a leg's lane stands.
type standing struct {
	booked    int           // requests in the last second
	perSecond float64       // what its limits allow; 0 or infinite: they allow anything
	p95       time.Duration // of its answers, in the last minute; 0: there were none
	state     string        // what it waits for
}

// shownPhases are the columns of a leg's messages.
var shownPhases = [...]fallback.Phase{
	fallback.Scheduled, fallback.Queued, fallback.Sending, fallback.Unknown, fallback.Waiting, fallback.Delivered, fallback.Failed,
}

// legTable shows where messages stand, leg by leg, and how the leg's lane does.
func legTable(w io.Writer, legs []legRow) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, p := range shownPhases {
		fmt.Fprintf(t, "\t%s", p)
	}
	fmt.Fprintln(t, "\t|\tread\t429s\trate\tlimit\tp95\tlane\tdelivered of sent\t")
	for _, l := range legs {
		cells := []string{l.Channel.String()}
		for _, p := range shownPhases {
			cells = append(cells, count(l.phases[p.String()]))
		}
		cells = append(cells, "|", count(l.read), count(l.Throttled), fmt.Sprint(l.lane.booked), limit(l.lane.perSecond), answerTime(l.lane.p95), l.lane.state, bar(l.Delivered, l.Sent, 12))
		fmt.Fprintln(t, strings.Join(cells, "\t")+"\t")
	}
	_ = t.Flush() // into memory
}

// answerTime is how long answers take; "-": there was none.
func answerTime(d time.Duration) string {
	if d == 0 {
		return "-"
	}
	return d.Round(time.Millisecond).String()
}

// tellEscalations says how many people went on from each leg to the next, and what for.
func tellEscalations(w io.Writer, legs []legRow, overlaps int) {
	for i := range len(legs) - 1 {
		from := legs[i]
		by := func(ends ...fallback.End) (n int) {
			for _, e := range ends {
				n += from.escalated[e.String()]
			}
			return n
		}
		silent, undelivered, refused := by(fallback.TimedOut), by(fallback.Undelivered, fallback.Lapsed, fallback.Rejected), by(fallback.Refused)
		fmt.Fprintf(w, "escalated   %s>%s %s (no receipt %s, undelivered %s, refused %s)\n", from.Channel, legs[i+1].Channel,
			count(silent+undelivered+refused), count(silent), count(undelivered), count(refused))
	}
	if overlaps > 0 {
		fmt.Fprintf(w, "overlaps    %s\n", count(overlaps))
	}
}
