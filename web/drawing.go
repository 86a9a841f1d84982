package web

import "math"

// drawing is the way of a campaign's messages from leg to leg, as it is drawn. Heights are
// shares of what was accepted; an amount that is there at all can be seen.
type drawing struct {
	Width, Height int
	Columns       []column
	Reached       int // messages, on all legs
	NotReached    int // closed without having been delivered
	Open          int
}

// column is a leg: what came to it, and what became of that, from the top down.
type column struct {
	legRow
	X, Middle int
	Boxes     []box
	On        *box // what went on to the next leg
	OnPath    flow
}

// box is an amount.
type box struct {
	Class, Word  string
	N            int
	X, Y, W, H   int
	LabelX, Text int // where its number stands
}

// flow is a band from a box to the next column.
type flow struct{ X1, Y1, X2, Y2, Width, LabelX, LabelY int }

// How the drawing is laid out, in its own units.
const (
	columnWidth = 150
	boxWidth    = 14
	fullHeight  = 150
	topMargin   = 26
	boxGap      = 5
)

func draw(legs []legRow, accepted int) drawing {
	d := drawing{Width: columnWidth*len(legs) + 40, Height: topMargin + fullHeight + 5*boxGap + 12}
	for i, l := range legs {
		c := column{legRow: l, X: 10 + i*columnWidth}
		c.Middle = c.X + boxWidth/2
		y := topMargin
		add := func(class, word string, n int) *box {
			if n == 0 {
				return nil
			}
			h := max(2, int(math.Round(fullHeight*float64(n)/float64(max(accepted, 1)))))
			b := box{Class: class, Word: word, N: n, X: c.X, Y: y, W: boxWidth, H: h, LabelX: c.X + boxWidth + 5, Text: y + h/2 + 4}
			if last := len(c.Boxes) - 1; last >= 0 { // labels do not stand on each other
				b.Text = max(b.Text, c.Boxes[last].Text+13)
			}
			y += h + boxGap
			c.Boxes = append(c.Boxes, b)
			return &b
		}
		add("good", "delivered", l.Phases["delivered"])
		add("rest", "open", l.Open)
		add("bad", "not reached", l.Failed)
		if c.On = add("warn", "went on", l.WentOn); c.On != nil {
			next := 10 + (i+1)*columnWidth
			c.OnPath = flow{X1: c.X + boxWidth, Y1: c.On.Y + c.On.H/2, X2: next, Y2: topMargin + c.On.H/2, Width: c.On.H}
		}
		d.Columns = append(d.Columns, c)
		d.Height = max(d.Height, y+12)
		d.Reached, d.Open, d.NotReached = d.Reached+l.Phases["delivered"], d.Open+l.Open, d.NotReached+l.Failed
	}
	return d
}

// Bend is half way, where the band turns.
func (f flow) Bend() int { return (f.X1 + f.X2) / 2 }
