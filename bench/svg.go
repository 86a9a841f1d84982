package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// drawing is some panels above one another, with the time in seconds below them all.
type drawing struct {
	title  string
	panels []panel
}

type panel struct {
	unit   string
	curves []named
}

type named struct {
	name string
	line line
}

// line is points: time, value.
type line [][2]float64

// The measures of a drawing. Its colours can be read on white and on black.
const (
	drawingWide = 880.0
	panelHigh   = 150.0
	panelGap    = 34.0
	left, right = 76.0, 16.0
	top, bottom = 44.0, 40.0
	ink         = "#808890"
	grid        = "#80889040"
)

var colours = []string{"#2f81c9", "#d9822b", "#3aa06a"}

func (d drawing) String() string {
	long := 1.0
	for _, p := range d.panels {
		long = max(long, p.most(0))
	}
	high := top + bottom + float64(len(d.panels))*(panelHigh+panelGap) - panelGap
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="system-ui, sans-serif" font-size="12" fill="%s">`+"\n", drawingWide, high, ink)
	fmt.Fprintf(&b, `<title>%s</title>`+"\n"+`<text x="%.0f" y="18" font-size="14">%s</text>`+"\n", d.title, left, d.title)
	for i, p := range d.panels {
		p.draw(&b, top+float64(i)*(panelHigh+panelGap), long)
	}
	for _, at := range within(ticks(long), long) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle">%g</text>`+"\n", across(at, long), high-bottom+16, at)
	}
	fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="middle">seconds since the import began</text>`+"\n</svg>\n", left+(drawingWide-left-right)/2, high-6)
	return b.String()
}

func across(at, long float64) float64 { return left + at/long*(drawingWide-left-right) }

// most is the largest time or value of a panel.
func (p panel) most(of int) (m float64) {
	for _, c := range p.curves {
		for _, at := range c.line {
			m = max(m, at[of])
		}
	}
	return m
}

func (p panel) draw(b *strings.Builder, y, long float64) {
	marks := ticks(max(p.most(1), 1))
	full := marks[len(marks)-1]
	up := func(v float64) float64 { return y + panelHigh*(1-v/full) }
	for _, at := range within(ticks(long), long) {
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`+"\n", across(at, long), y, across(at, long), y+panelHigh, grid)
	}
	for _, v := range marks {
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`, left, up(v), drawingWide-right, up(v), grid)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n", left-8, up(v)+4, short(v))
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" font-weight="600">%s</text>`+"\n", left, y-8, p.unit)
	x := left + 150
	for i, c := range p.curves {
		colour := colours[i%len(colours)]
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="3"/>`, x, y-12, x+18, y-12, colour)
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f">%s</text>`+"\n", x+24, y-8, c.name)
		x += 150
		b.WriteString(`<polyline fill="none" stroke-width="1.5" stroke="` + colour + `" points="`)
		for _, at := range c.line {
			fmt.Fprintf(b, "%.1f,%.1f ", across(at[0], long), up(at[1]))
		}
		b.WriteString(`"/>` + "\n")
	}
}

// ticks are round figures from 0 on, the last of them not below the largest value.
func ticks(most float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10(most/3)))
	for _, by := range []float64{1, 2, 5, 10} {
		if most/(step*by) <= 5 {
			step *= by
			break
		}
	}
	all := []float64{0}
	for i := 1; all[len(all)-1] < most; i++ {
		all = append(all, float64(i)*step)
	}
	return all
}

func within(all []float64, most float64) []float64 {
	return slices.DeleteFunc(all, func(v float64) bool { return v > most })
}

// short writes 20000 as 20 k.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%g M", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%g k", v/1e3)
	}
	return fmt.Sprintf("%g", v)
}
