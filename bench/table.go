package main

import (
	"fmt"
	"slices"
	"strings"
)

// figures are one run's, by name: "rate" is what ratios are made of.
type figures map[string]float64

// row is one side of a measurement: its figures in each run.
type row struct {
	name string
	runs []figures
}

// table is what a measurement found.
type table struct {
	columns []column
	rows    []row
	against [][2]string // ratios of the rates of two rows
	goals   []string
	notes   []string
}

// column is one figure of the rows.
type column struct {
	name, title string
	digits      int
}

func (t table) String() string {
	var b strings.Builder
	b.WriteString("| |")
	for _, c := range t.columns {
		b.WriteString(" " + c.title + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---:|", len(t.columns)) + "\n")
	for _, r := range t.rows {
		b.WriteString("| " + r.name + " |")
		for _, c := range t.columns {
			b.WriteString(" " + r.cell(c) + " |")
		}
		b.WriteString("\n")
	}
	for _, pair := range t.against {
		low, mid, high := t.ratio(pair[0], pair[1])
		fmt.Fprintf(&b, "\n%s / %s: **%.2f** (%.2f to %.2f)\n", pair[0], pair[1], mid, low, high)
	}
	if len(t.goals) > 0 {
		b.WriteString("\n")
	}
	for _, g := range t.goals {
		b.WriteString("- " + g + "\n")
	}
	for _, n := range t.notes {
		b.WriteString("\n" + n + "\n")
	}
	return b.String()
}

// cell is the median of a figure, with its spread for the rate.
func (r row) cell(c column) string {
	values := r.values(c.name)
	if len(values) == 0 {
		return ""
	}
	text := fmt.Sprintf("%.*f", c.digits, median(values))
	if c.name == "rate" && len(values) > 1 {
		text += fmt.Sprintf(" (%.*f to %.*f)", c.digits, slices.Min(values), c.digits, slices.Max(values))
	}
	return text
}

func (r row) values(name string) (values []float64) {
	for _, f := range r.runs {
		if v, is := f[name]; is {
			values = append(values, v)
		}
	}
	return values
}

// ratio compares two rows run by run, for neighbours in time saw the same machine.
func (t table) ratio(a, b string) (low, mid, high float64) {
	x, y := t.row(a).values("rate"), t.row(b).values("rate")
	ratios := make([]float64, min(len(x), len(y)))
	for i := range ratios {
		ratios[i] = x[i] / y[i]
	}
	return slices.Min(ratios), median(ratios), slices.Max(ratios)
}

func (t table) row(name string) row {
	return t.rows[slices.IndexFunc(t.rows, func(r row) bool { return r.name == name })]
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}
