package campaign

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// preview gives out the rows of a file, of which it has looked at some before: a file
// that is mostly bad is refused as a whole.
type preview struct {
	name  string
	read  func() (judged, error)
	ahead []judged // rows that were looked at and not given out
}

// judged is one row's outcome: a recipient, or a reject.
type judged struct {
	recipient Recipient
	reject    *Reject
}

const (
	lookAhead = 1000 // rows that are seen before the first is given out
	fewRows   = 10   // with less, no share of bad rows says much
)

func newPreview(name string, read func() (judged, error)) preview {
	if name == "" {
		name = "recipients"
	}
	return preview{name: name, read: read}
}

// look reads ahead, and refuses a file that is mostly bad.
func (p *preview) look() error {
	bad, reasons := 0, map[Reason]int{}
	var first *Reject
	for len(p.ahead) < lookAhead {
		j, err := p.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		p.ahead = append(p.ahead, j)
		if j.reject != nil {
			bad++
			reasons[j.reject.Reason]++
			if first == nil {
				first = j.reject
			}
		}
	}
	if n := len(p.ahead); n >= fewRows && 2*bad > n {
		return refuse(p.name, Problem{Line: first.Line, Text: fmt.Sprintf(
			"%d of the first %d rows are bad (%s), this one for %s: want the right file, region and columns", bad, n, tally(reasons), complaint(first))})
	}
	return nil
}

// tally lists reasons by their number, the most first.
func tally(reasons map[Reason]int) string {
	names := slices.SortedFunc(maps.Keys(reasons), func(a, b Reason) int {
		if reasons[a] != reasons[b] {
			return reasons[b] - reasons[a]
		}
		return strings.Compare(string(a), string(b))
	})
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s %d", name, reasons[name]))
	}
	return strings.Join(parts, ", ")
}

func complaint(j *Reject) string {
	if j.Column == "" {
		return j.Text
	}
	return fmt.Sprintf("%s: %s", show(j.Column), j.Text)
}

// Next gives the next row: a recipient, or a reject that says why it is none. At the
// end it is io.EOF; a *FileError names the line from which the file cannot be read on.
// A recipient with IfNew stands only if its message is there already.
func (p *preview) Next() (Recipient, *Reject, error) {
	if len(p.ahead) > 0 {
		j := p.ahead[0]
		p.ahead[0] = judged{}
		p.ahead = p.ahead[1:]
		return j.recipient, j.reject, nil
	}
	j, err := p.read()
	return j.recipient, j.reject, err
}
