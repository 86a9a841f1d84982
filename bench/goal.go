package main

import (
	"fmt"
	"slices"
)

// goal notes what was to be reached, with the figure that was found, and whether it
// was.
func (t *table) goal(met bool, format string, figures ...any) {
	verdict := "not met"
	if met {
		verdict = "met"
	}
	t.goals = append(t.goals, "**"+verdict+"**: "+fmt.Sprintf(format, figures...))
}

// figure is the median of one figure of a row.
func (t *table) figure(row, name string) float64 {
	values := t.row(row).values(name)
	if len(values) == 0 {
		return 0
	}
	return median(values)
}

// most is the largest of one figure of a row, over all runs.
func (t *table) most(row, name string) float64 { return slices.Max(t.row(row).values(name)) }
