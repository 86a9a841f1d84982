package campaign

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Reader reads recipients from a CSV, one by one, in constant memory. It takes UTF-8,
// UTF-16 and Windows-1252, semicolons, commas, tabs and bars, and quoted line ends.
//
// Before the first row is given out, up to a thousand are looked at: a file that is no
// CSV, lacks a column, or is mostly bad is refused as a whole. Whether a person comes
// twice is not the Reader's matter: the ledger knows it for all files at once.
type Reader struct {
	name    string
	rows    rows
	mapping mapping
	checker *checker
	entry   entry    // of the present row
	ahead   []judged // rows that were looked at and not given out
	failed  error    // io.EOF among them
	blank   int
}

// judged is one row's outcome: a recipient, or a reject.
type judged struct {
	recipient Recipient
	reject    *Reject
}

// ReaderOptions are what a Reader may be told. The zero value works.
type ReaderOptions struct {
	Name string    // of the file, for errors; default "recipients"
	Now  time.Time // rows due more than five minutes before it are late; zero: none is
}

const (
	lookAhead = 1000 // rows that are seen before the first is given out
	fewRows   = 10   // with less, no share of bad rows says much
)

// NewReader reads the header and looks ahead. A file that is refused is a *FileError;
// other errors are the source's own.
func NewReader(source io.Reader, c Campaign, opt ReaderOptions) (*Reader, error) {
	r := &Reader{name: opt.Name}
	if r.name == "" {
		r.name = "recipients"
	}
	text, head, err := newLines(source)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", r.name, err)
	}
	if what := noCSV(head); what != "" {
		return nil, refuse(r.name, Problem{Text: what})
	}
	r.rows = rows{lines: text, comma: sniffDelimiter(head, text.end)}
	if err := r.readHeader(c); err != nil {
		return nil, err
	}
	r.checker = newChecker(c, r.mapping, opt.Now)
	if err := r.look(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) readHeader(c Campaign) error {
	for {
		x, err := r.rows.next()
		if errors.Is(err, io.EOF) {
			return refuse(r.name, Problem{Text: "only blank rows: want a header and rows"})
		}
		if err != nil {
			return r.wrap(err)
		}
		if blank(x.fields) {
			r.blank++
			continue
		}
		if x.fault != "" {
			return refuse(r.name, Problem{Line: x.first, Text: "the header: " + x.fault})
		}
		r.mapping = c.mapHeader(trimmed(slices.Clone(x.fields)))
		var problems []Problem
		for _, text := range r.mapping.problems {
			problems = append(problems, Problem{Line: x.first, Text: text})
		}
		if len(problems) > 0 {
			return refuse(r.name, problems...)
		}
		return nil
	}
}

func trimmed(fields []string) []string {
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
	}
	return fields
}

// look reads ahead, and refuses a file that is mostly bad.
func (r *Reader) look() error {
	bad, reasons := 0, map[Reason]int{}
	var first *Reject
	for len(r.ahead) < lookAhead {
		j, err := r.read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		r.ahead = append(r.ahead, j)
		if j.reject != nil {
			bad++
			reasons[j.reject.Reason]++
			if first == nil {
				first = j.reject
			}
		}
	}
	if n := len(r.ahead); n >= fewRows && 2*bad > n {
		return refuse(r.name, Problem{Line: first.Line, Text: fmt.Sprintf(
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
func (r *Reader) Next() (Recipient, *Reject, error) {
	if len(r.ahead) > 0 {
		j := r.ahead[0]
		r.ahead[0] = judged{}
		r.ahead = r.ahead[1:]
		return j.recipient, j.reject, nil
	}
	j, err := r.read()
	return j.recipient, j.reject, err
}

// Blank is how many wholly empty rows were passed over so far. Together with what Next
// gave, they are all rows of the file.
func (r *Reader) Blank() int { return r.blank }

// Names are the names of the variables that the recipients have, in a fixed order.
func (r *Reader) Names() []string { return r.mapping.names }

func (r *Reader) read() (judged, error) {
	for r.failed == nil {
		x, err := r.rows.next()
		if err != nil {
			r.failed = r.wrap(err)
			break
		}
		if blank(x.fields) {
			r.blank++
			continue
		}
		return r.judge(x), nil
	}
	return judged{}, r.failed
}

func (r *Reader) judge(x row) (j judged) {
	switch width := len(r.mapping.header); {
	case x.fault != "":
		j.reject = &Reject{Line: x.first, Reason: UnreadableRow, Text: x.fault}
	case len(x.fields) != width:
		j.reject = &Reject{Line: x.first, Reason: RaggedRow, Text: fmt.Sprintf("%d fields: the header has %d", len(x.fields), width)}
		if x.last > x.first {
			j.reject.Text += fmt.Sprintf("; a quoted field takes the row to line %d", x.last)
		}
	default:
		r.mapping.fill(&r.entry, x.fields)
		j.recipient, j.reject = r.checker.check(Row{Line: uint32(x.first), Digest: digest(x.fields)}, r.entry)
	}
	fields := slices.Clone(x.fields)
	for _, reject := range []*Reject{j.reject, j.recipient.IfNew} {
		if reject != nil {
			reject.Fields = fields
		}
	}
	if j.reject == nil {
		j.recipient.Fields = fields
	}
	return j
}

// wrap says of which file an error speaks.
func (r *Reader) wrap(err error) error {
	var bad *badLine
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &bad):
		return refuse(r.name, Problem{Line: bad.line, Text: bad.err.Error()})
	}
	return fmt.Errorf("read %s: %w", r.name, err)
}

// digest is FNV-1a over the fields, each with an end of its own.
func digest(fields []string) uint32 {
	const offset, prime, end = 2166136261, 16777619, 0xff
	h := uint32(offset)
	for _, f := range fields {
		for i := range len(f) {
			h = (h ^ uint32(f[i])) * prime
		}
		h = (h ^ end) * prime
	}
	return h
}
