package campaign

import (
	"errors"
	"fmt"
	"io"
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
	preview
	rows    rows
	mapping mapping
	checker *checker
	entry   entry // of the present row
	failed  error // io.EOF among them
	blank   int
}

// ReaderOptions are what a Reader may be told. The zero value works.
type ReaderOptions struct {
	Name string    // of the file, for errors; default "recipients"
	Now  time.Time // rows due more than five minutes before it are late; zero: none is
}

// NewReader reads the header and looks ahead. A file that is refused is a *FileError;
// other errors are the source's own.
func NewReader(source io.Reader, c Campaign, opt ReaderOptions) (*Reader, error) {
	r := &Reader{}
	r.preview = newPreview(opt.Name, r.read)
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
		fields[i] = Bare(strings.TrimSpace(f))
	}
	return fields
}

// Blank is how many wholly empty rows were passed over so far. Together with what Next
// gave, they are all rows of the file.
func (r *Reader) Blank() int { return r.blank }

// Names are the names of the variables that the recipients have, in a fixed order.
func (r *Reader) Names() []string { return r.mapping.names }

// Header is the names of the columns, to which the fields of rejects belong.
func (r *Reader) Header() []string { return r.mapping.header }

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
	for i, cell := range x.fields {
		x.fields[i] = Bare(cell) // it may be a file of rejects that was mended
	}
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
