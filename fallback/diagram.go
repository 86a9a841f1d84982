package fallback

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteDiagram prints the table as a Mermaid state diagram, what holds for every open
// phase as one arrow out of their frame. Rows that only mark are left out.
func WriteDiagram(w io.Writer) error {
	inner, outer := arrows{}, arrows{}
	for i := range table {
		r := &table[i]
		switch {
		case r.to == same:
		case r.from == open:
			outer.add("open", r)
		default:
			for _, from := range r.from.list() {
				if from.Open() && r.to.Open() {
					inner.add(from.String(), r)
				} else if from != r.to {
					outer.add(from.String(), r)
				}
			}
		}
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "stateDiagram-v2\n    [*] --> %s: import\n    state open {\n", Scheduled)
	inner.print(out, "        ")
	fmt.Fprintln(out, "    }")
	outer.print(out, "    ")
	return out.Flush()
}

// arrows are labels by arrow, in the order of the table.
type arrows struct {
	order  []string
	labels map[string][]string
}

func (a *arrows) add(from string, r *row) {
	arrow := from + " --> " + r.to.String()
	if a.labels == nil {
		a.labels = map[string][]string{}
	}
	if _, known := a.labels[arrow]; !known {
		a.order = append(a.order, arrow)
	}
	if label := r.label(); !slices.Contains(a.labels[arrow], label) {
		a.labels[arrow] = append(a.labels[arrow], label)
	}
}

func (a *arrows) print(w io.Writer, indent string) {
	for _, arrow := range a.order {
		fmt.Fprintf(w, "%s%s: %s\n", indent, arrow, strings.Join(a.labels[arrow], "<br>"))
	}
}

// label is the row's event with what goes with it: "refused (next leg)".
func (r *row) label() string {
	switch {
	case r.leg == next:
		return r.on.String() + " (next leg)"
	case r.do&Inquire != 0:
		return r.on.String() + " (ask)"
	}
	return r.on.String()
}
