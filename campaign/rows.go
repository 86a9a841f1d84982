package campaign

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// rows reads the rows of a CSV. encoding/csv is not used for it: its lazy mode lets a
// quote in the wrong place swallow the rows that follow, and so puts one person's row
// into another's message. Here a quote amid a quoted field is text only as long as the
// field ends on the line on which it began.
type rows struct {
	lines *lines
	comma byte
	text  []byte // of the present row's fields, one after the other
	ends  []int  // of the fields in text
	cells []string
}

// row is one row as it stands in the file.
type row struct {
	fields      []string // good until the next row
	first, last int      // its lines
	fault       string   // why it cannot be read; "" if it can
}

// errOpenQuote is a quote that never closes, or not before something stands after it
// that cannot.
var errOpenQuote = errors.New("a field opens with a quote that never closes: close it, or double the quotes inside it")

// badLine is an error that ends the reading, with the line that it speaks of.
type badLine struct {
	line int
	err  error
}

func (e *badLine) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *badLine) Unwrap() error { return e.err }

// next is the next row; io.EOF after the last.
func (r *rows) next() (row, error) {
	line, ok, err := r.lines.next()
	if err != nil {
		return row{}, err
	}
	x := row{first: r.lines.n}
	if !ok {
		x.fault = r.noText()
	}
	if bytes.IndexByte(line, '"') < 0 {
		x.fields = r.split(string(line))
	} else if err := r.quoted(line, &x); err != nil {
		return row{}, err
	}
	x.last = r.lines.n
	return x, nil
}

func (r *rows) noText() string {
	return fmt.Sprintf("bytes that are no text in %s, as the file has been so far", r.lines.charset)
}

// split cuts a line that has no quotes.
func (r *rows) split(line string) []string {
	r.cells = r.cells[:0]
	for {
		i := strings.IndexByte(line, r.comma)
		if i < 0 {
			r.cells = append(r.cells, line)
			return r.cells
		}
		r.cells = append(r.cells, line[:i])
		line = line[i+1:]
	}
}

// quoted reads a row that begins with this line and has quotes.
func (r *rows) quoted(line []byte, x *row) error {
	r.text, r.ends = r.text[:0], r.ends[:0]
	for more := true; more; {
		var err error
		if inside, opens := bytes.CutPrefix(bytes.TrimLeft(line, " "), []byte{'"'}); opens {
			line, more, err = r.quotedField(inside, x)
		} else {
			line, more = r.bareField(line)
		}
		if err != nil {
			return err
		}
		r.ends = append(r.ends, len(r.text))
	}
	text, from := string(r.text), 0
	r.cells = r.cells[:0]
	for _, end := range r.ends {
		r.cells = append(r.cells, text[from:end])
		from = end
	}
	x.fields = r.cells
	return nil
}

// bareField takes the text up to the next delimiter, quotes and all.
func (r *rows) bareField(line []byte) (rest []byte, more bool) {
	field, rest, more := bytes.Cut(line, []byte{r.comma})
	r.text = append(r.text, field...)
	return rest, more
}

// quotedField takes the text after an opening quote, over as many lines as it needs.
func (r *rows) quotedField(line []byte, x *row) (rest []byte, more bool, err error) {
	opened, stray := r.lines.n, false
	for {
		before, after, found := bytes.Cut(line, []byte{'"'})
		r.text = append(r.text, before...)
		if !found {
			if stray {
				x.fault = "a quote amid a quoted field: double it"
				return nil, false, nil
			}
			if line, err = r.over(opened, x); err != nil {
				return nil, false, err
			}
			continue
		}
		next := bytes.TrimLeft(after, " ")
		switch {
		case len(after) > 0 && after[0] == '"':
			r.text = append(r.text, '"')
			line = after[1:]
		case len(next) == 0:
			return nil, false, nil
		case next[0] == r.comma:
			return next[1:], true, nil
		case r.lines.n > opened:
			return nil, false, &badLine{opened, errOpenQuote}
		default:
			stray = true
			r.text = append(r.text, '"')
			line = after
		}
	}
}

// over takes the next line of a field that was opened on an earlier one.
func (r *rows) over(opened int, x *row) ([]byte, error) {
	line, ok, err := r.lines.next()
	if err == io.EOF || len(r.text) > maxRecord || r.lines.n-opened >= maxLines {
		return nil, &badLine{opened, errOpenQuote}
	}
	if err != nil {
		return nil, err
	}
	if !ok {
		x.fault = r.noText()
	}
	r.text = append(r.text, '\n')
	return line, nil
}
