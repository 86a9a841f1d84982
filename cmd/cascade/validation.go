package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/seed-438792ba/cascade/campaign"
)

// print shows a validation to people.
func (v *validation) print(out io.Writer) {
	verdict := "ok"
	if v.wrong() > 0 {
		verdict = "its file is ok, and its provider says that something is wrong"
	}
	fmt.Fprintf(out, "campaign %s: %s\n", v.Campaign, verdict)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i, leg := range v.campaign.Route.Links() {
		fmt.Fprintf(w, "  leg %d\t%s\t%s\t%s\n", i+1, leg.Lane(), saying(leg.Content), waiting(leg))
	}
	_ = w.Flush() // into memory
	if v.Told != "" {
		fmt.Fprintf(out, "told to %s\n", v.Told)
	}
	if v.File != nil {
		v.printFile(out)
		v.printRows(out)
	}
	for i, pace := range v.Pace {
		fmt.Fprintf(out, "everybody on leg %d, %s: %s\n", i+1, pace.Lane, pace)
	}
	fmt.Fprintln(out, "nothing was queued")
}

// waiting is how long a leg waits; behind the first of a chain the provider decides.
func waiting(l campaign.Leg) string {
	switch {
	case l.Wait == 0:
		return "the provider falls back to it"
	case len(l.Chain) > 0:
		return "wait " + campaign.FormatDuration(l.Wait) + " for the whole chain"
	}
	return "wait " + campaign.FormatDuration(l.Wait)
}

// saying is what kind of content a leg has.
func saying(c campaign.Content) string {
	switch {
	case c.Template != nil && c.Template.ID != 0:
		return fmt.Sprintf("template %d", c.Template.ID)
	case c.Template != nil:
		return "template " + c.Template.Name
	case c.Media != nil:
		return c.Media.Kind
	case c.Location != nil:
		return "location"
	case c.Reaction != nil:
		return "reaction"
	}
	return "text"
}

func (v *validation) printFile(out io.Writer) {
	f := v.File
	fmt.Fprintf(out, "recipients %s: %s, delimiter %s, %s\n", v.source, f.Encoding, f.Delimiter, plural(len(f.Header), "column"))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, m := range f.Mapping {
		fmt.Fprintf(w, "  %s\tfrom\t%s\n", m.Name, m.Header)
	}
	_ = w.Flush() // into memory
	if len(f.Unused) > 0 {
		fmt.Fprintf(out, "  not used: %s\n", strings.Join(f.Unused, ", "))
	}
}

func (v *validation) printRows(out io.Writer) {
	fmt.Fprintf(out, "accepted %d, rejected %d, blank %d\n", v.Accepted, v.Rejected, v.Blank)
	for _, reason := range slices.Sorted(maps.Keys(v.Reasons)) {
		fmt.Fprintf(out, "  %s %d\n", reason, v.Reasons[reason])
		for _, r := range v.Examples {
			if r.Reason == reason {
				fmt.Fprintf(out, "    %s\n", r)
			}
		}
		if more := v.Reasons[reason] - campaign.MostExamples; more > 0 {
			fmt.Fprintf(out, "    and %d more\n", more)
		}
	}
	if v.LongestSMS != nil {
		fmt.Fprintf(out, "longest SMS: %s\n", v.LongestSMS)
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
