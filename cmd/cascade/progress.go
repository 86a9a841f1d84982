package main

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// scene is what a progress shows: some lines, or one.
type scene interface {
	draw() string
	line() string
	when() time.Time
}

// progress shows views as they come: redrawn in place on a terminal, else a plain line
// every few seconds.
type progress struct {
	out      io.Writer
	terminal bool
	width    func() int // of the terminal, in columns; nil: not known
	drawn    int        // lines on the screen that the next view takes the place of
	lastLine time.Time
}

// plainEvery is how often a pipe gets a line.
const plainEvery = 5 * time.Second

func (p *progress) show(v scene) {
	if p.terminal {
		text := p.fit(v.draw())
		fmt.Fprintf(p.out, "%s%s\x1b[J", up(p.drawn), strings.ReplaceAll(text, "\n", "\x1b[K\n"))
		p.drawn = strings.Count(text, "\n")
		return
	}
	if v.when().Sub(p.lastLine) >= plainEvery {
		p.lastLine = v.when()
		fmt.Fprintln(p.out, v.line())
	}
}

// fit cuts lines to the terminal, for a line that wraps could not be drawn over.
func (p *progress) fit(text string) string {
	if p.width == nil {
		return text
	}
	width := p.width()
	if width < 1 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if cells := []rune(line); len(cells) >= width {
			lines[i] = string(cells[:width-1])
		}
	}
	return strings.Join(lines, "\n")
}

func up(lines int) string {
	if lines == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\r", lines)
}

func (v *view) when() time.Time { return v.at }

// line is a view in one line.
func (v *view) line() string {
	total, closed := v.total(), v.total()-v.status.Counts.Open()
	return fmt.Sprintf("%s  %s  %s  %s  sent %d of %d  closed %d  delivered %d%s",
		v.at.Format(time.TimeOnly), v.campaign.ID, strings.ToUpper(string(v.status.State)), v.reason,
		v.firstSends(), total, closed, v.status.Counts.Phase(fallback.Delivered), v.silence("  "))
}

// silence tells of legs on which people were given up for want of a receipt and no
// receipt at all has come: most likely the provider does not reach our callbacks.
func (v *view) silence(before string) (text string) {
	const enough = 20
	for i, leg := range v.campaign.Route {
		heard := v.leg(fallback.LegDelivered, i) + v.leg(fallback.LegUndelivered, i)
		if silent := v.leg(fallback.LegTimedOut, i); silent >= enough && heard == 0 {
			text += fmt.Sprintf("%sNO RECEIPT HAS COME on %s, and %s people were given up there: does the provider reach /callbacks?", before, leg.Lane(), count(silent))
		}
	}
	return text
}

// draw is a view in a dozen lines.
func (v *view) draw() string {
	var b strings.Builder
	total, closed := v.total(), v.total()-v.status.Counts.Open()
	fmt.Fprintf(&b, "%s  %s  %s   %s  elapsed %s\n", v.campaign.ID, strings.ToUpper(string(v.status.State)), v.reason,
		v.at.Format(time.TimeOnly), v.at.Sub(v.begun).Round(time.Second))
	first := v.campaign.Route[0].Lane()
	fmt.Fprintf(&b, "first sends %s  %s / %s  %s%s\n", bar(v.firstSends(), total, wide), count(v.firstSends()), count(total),
		pace(v.sent, v.lanes[first].PerSecond), eta(total-v.firstSends(), v.sent))
	fmt.Fprintf(&b, "closed      %s  %s / %s  %.1f/s%s\n", bar(closed, total, wide), count(closed), count(total), v.closed, eta(total-closed, v.closed))
	rows := v.rows()
	legTable(&b, rows)
	tellEscalations(&b, rows, v.status.Summary().Overlaps)
	b.WriteString(strings.TrimPrefix(v.silence("\n"), "\n"))
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// rows are the legs of the view.
func (v *view) rows() []legRow {
	sum := v.status.Summary()
	rows := make([]legRow, len(sum.Legs))
	for i, leg := range sum.Legs {
		lane := v.lanes[v.campaign.Route[i].Lane()]
		row := legRow{LegSummary: leg, phases: map[string]int{}, escalated: map[string]int{}, read: v.leg(fallback.LegRead, i),
			lane: standing{lane.Booked, lane.PerSecond, v.answered[v.campaign.Route[i].Lane().String()].Quantile(slowest), laneState(lane.Cause)}}
		for _, p := range fallback.Phases() {
			row.phases[p.String()] = v.status.Counts[fallback.Count{What: fallback.InPhase, Leg: uint8(i), By: uint8(p)}]
		}
		for e := fallback.NoEnd + 1; e.Known(); e++ {
			row.escalated[e.String()] = v.status.Counts[fallback.Count{What: fallback.Escalated, Leg: uint8(i), By: uint8(e)}]
		}
		rows[i] = row
	}
	return rows
}

// wide is the width of the bars of a whole campaign, in cells.
const wide = 26

// bar is a share, drawn and in words.
func bar(n, of, width int) string {
	share := 0.0
	if of > 0 {
		share = float64(n) / float64(of)
	}
	full := min(int(share*float64(width)), width)
	return fmt.Sprintf("[%s%s] %3d %%", strings.Repeat("#", full), strings.Repeat("-", width-full), int(100*share))
}

// count groups digits by threes: 20 000.
func count(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

func pace(rate, of float64) string {
	if math.IsInf(of, 1) || of == 0 {
		return fmt.Sprintf("%.1f/s", rate)
	}
	return fmt.Sprintf("%.1f/s of %s", rate, limit(of))
}

func limit(perSecond float64) string {
	if math.IsInf(perSecond, 1) || perSecond == 0 {
		return "-"
	}
	return fmt.Sprintf("%.4g/s", perSecond)
}

func eta(left int, rate float64) string {
	if left <= 0 || rate <= 0 {
		return ""
	}
	return "  ETA " + (time.Duration(float64(left)/rate) * time.Second).String()
}

func laneState[S ~string](cause S) string {
	if cause == "" {
		return "open"
	}
	return string(cause)
}

// endReport is the summary for people.
func endReport(w io.Writer, sum campaign.Summary) {
	fmt.Fprintf(w, "\n%s is %s: accepted %s", sum.Campaign, sum.State, count(sum.Accepted))
	var parts []string
	for _, p := range fallback.Phases() {
		if n := sum.Counts[p.String()]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", p, count(n)))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, " = %s", strings.Join(parts, " + "))
	}
	fmt.Fprintf(w, ";  rejected rows %s\n", count(sum.Rejected))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\tsent\taccepted\tdelivered\tundelivered\ttimed out\trefused\t429s\t")
	for _, l := range sum.Legs {
		fmt.Fprintf(t, "%s.%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", l.Account, l.Channel,
			count(l.Sent), count(l.Accepted), count(l.Delivered), count(l.Undelivered), count(l.TimedOut), count(l.Refused), count(l.Throttled))
	}
	_ = t.Flush()
	for _, l := range sum.Legs {
		printReached(w, l)
	}
	unknown := 0
	for _, n := range sum.UnknownResolved {
		unknown += n
	}
	fmt.Fprintf(w, "read %s   overlaps %s   late %s   unknown %s (by receipt %s, by asking %s, by policy %s)\n",
		count(sum.Read), count(sum.Overlaps), count(sum.Late), count(unknown),
		count(sum.UnknownResolved["receipt"]), count(sum.UnknownResolved["asking"]), count(sum.UnknownResolved["policy"]))
}

// printReached tells which channels of a provider's chain reached the people.
func printReached(w io.Writer, l campaign.LegSummary) {
	if l.Reached == nil {
		return
	}
	fmt.Fprintf(w, "%s ran the fallback; channel that reached:", l.Account)
	for _, name := range slices.Sorted(maps.Keys(l.Reached)) {
		fmt.Fprintf(w, " %s %s", strings.ReplaceAll(name, "_", " "), count(l.Reached[name]))
	}
	fmt.Fprintln(w)
}
