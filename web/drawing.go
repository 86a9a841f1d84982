package web

import (
	"fmt"
	"math"
)

// drawing is the way of a campaign's messages from leg to leg, and what became of all of
// them in the end. Heights are shares of what was accepted; an amount that is there at all
// can be seen.
type drawing struct {
	Width, Height int
	Columns       []column
	Reached       int // messages, on all legs
	NotReached    int // closed without having been delivered
	Open          int
}

// column is a leg, or the end of all: what came there, and what became of that, from the top
// down.
type column struct {
	Title string
	X     int
	Boxes []box
	On    *band  // what went on to the next leg
	Lines []line // why it did
	end   int    // where the next box or line may begin
}

// box is an amount.
type box struct {
	Class, Word   string
	N             int
	X, Y, W, H    int
	LabelX, Label int // where its number stands
}

// band leads from a box to the next column.
type band struct{ X1, Y1, X2, Y2, Width int }

// Bend is half way, where the band turns.
func (b band) Bend() int { return (b.X1 + b.X2) / 2 }

// line is a line of text.
type line struct {
	X, Y int
	Text string
}

// How the drawing is laid out, in its own units.
const (
	columnWidth = 150
	boxWidth    = 14
	fullHeight  = 150
	topMargin   = 26
	boxGap      = 5
	lineHeight  = 14
)

func draw(legs []legRow, accepted int) drawing {
	d := drawing{Width: columnWidth * (len(legs) + 1)}
	for i, l := range legs {
		c := newColumn(i, l.Channel.String()+" "+count(l.Came))
		c.add("good", "delivered", l.Phases["delivered"], accepted)
		c.add("rest", "open", l.Open, accepted)
		c.add("bad", "not reached", l.Failed, accepted)
		if on := c.add("warn", "went on", l.WentOn, accepted); on != nil {
			c.On = &band{X1: c.X + boxWidth, Y1: on.Y + on.H/2, X2: c.X + columnWidth, Y2: topMargin + on.H/2, Width: on.H}
			c.tell(l.Escalated)
		}
		d.take(c)
		d.Reached, d.Open, d.NotReached = d.Reached+l.Phases["delivered"], d.Open+l.Open, d.NotReached+l.Failed
	}
	end := newColumn(len(legs), "in the end "+count(accepted))
	end.add("good", "delivered", d.Reached, accepted)
	end.add("rest", "open", d.Open, accepted)
	end.add("bad", "not reached", d.NotReached, accepted)
	d.take(end)
	return d
}

func newColumn(i int, title string) *column {
	return &column{Title: title, X: 10 + i*columnWidth, end: topMargin}
}

func (d *drawing) take(c *column) {
	d.Columns = append(d.Columns, *c)
	d.Height = max(d.Height, c.end+boxGap)
}

// add puts an amount below the others; nil if there is none.
func (c *column) add(class, word string, n, accepted int) *box {
	if n == 0 {
		return nil
	}
	h := max(2, int(math.Round(fullHeight*float64(n)/float64(max(accepted, 1)))))
	b := box{Class: class, Word: word, N: n, X: c.X, Y: c.end, W: boxWidth, H: h, LabelX: c.X + boxWidth + 5, Label: c.end + h/2 + 4}
	b.Label = max(b.Label, c.end+10)
	c.end = max(c.end+h+boxGap, b.Label+boxGap) // so that no label stands on another
	c.Boxes = append(c.Boxes, b)
	return &b
}

// tell writes below why attempts made way.
func (c *column) tell(escalated map[string]int) {
	for _, e := range endsOf(escalated) {
		c.end += lineHeight
		c.Lines = append(c.Lines, line{c.X + boxWidth + 5, c.end, fmt.Sprint(e.word, " ", count(e.n))})
	}
}
