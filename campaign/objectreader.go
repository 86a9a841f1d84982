package campaign

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ObjectReader reads recipients from NDJSON, one object to a line, in constant memory.
// A name is a column, as the header of a CSV would have it; what stands in `variables`
// has the campaign's own names. It refuses the same files as a Reader, and gives out
// the same.
type ObjectReader struct {
	preview
	lines  *lines
	shape  *shape
	failed error // io.EOF among them
	blank  int
}

// NewObjectReader looks ahead. A file that is refused is a *FileError; other errors are
// the source's own.
func NewObjectReader(source io.Reader, c Campaign, opt ReaderOptions) (*ObjectReader, error) {
	r := &ObjectReader{shape: newShape(c, opt.Now)}
	r.preview = newPreview(opt.Name, r.next)
	in := bufio.NewReaderSize(source, sampleSize)
	if head, err := in.Peek(len(utf8BOM)); err == nil && string(head) == utf8BOM {
		_, _ = in.Discard(len(utf8BOM)) // it is in the buffer
	}
	r.lines = &lines{in: in, end: '\n', charset: inUTF8, sure: true}
	if err := r.look(); err != nil {
		return nil, err
	}
	if len(r.ahead) == 0 {
		return nil, refuse(r.name, Problem{Text: "the file is empty: want one object to a line"})
	}
	return r, nil
}

// Names are the names of the variables that the recipients had so far.
func (r *ObjectReader) Names() []string { return r.shape.mapping.names }

// Header is the names that objects had so far, to which the fields of rejects belong.
// It only grows.
func (r *ObjectReader) Header() []string { return r.shape.header }

// Blank is how many empty lines were passed over so far.
func (r *ObjectReader) Blank() int { return r.blank }

func (r *ObjectReader) next() (judged, error) {
	for r.failed == nil {
		line, ok, err := r.lines.next()
		if err != nil {
			r.failed = r.wrap(err)
			break
		}
		if len(bytes.TrimSpace(line)) == 0 {
			r.blank++
			continue
		}
		if !ok {
			return r.unreadable(nil, "bytes that are no text in utf-8"), nil
		}
		return r.judge(line), nil
	}
	return judged{}, r.failed
}

func (r *ObjectReader) judge(line []byte) judged {
	if !json.Valid(line) {
		return r.unreadable(line, "no JSON: want one whole object to a line")
	}
	root, err := parseJSON(line)
	if err != nil || root.kind != objectNode {
		return r.unreadable(line, fmt.Sprintf(`%s: want an object, as {"destination": "+393401234567"}`, root.kind))
	}
	cells, fault := r.cells(root)
	if fault != "" {
		return r.unreadable(line, fault)
	}
	return r.shape.judge(r.lines.n, cells)
}

// cells are the object's names with their values. The campaign's own id may stand in
// it, as in a message that is sent by itself.
func (r *ObjectReader) cells(root node) (cells []cell, fault string) {
	for _, f := range root.fields {
		switch {
		case f.key == variablesName && f.value.kind == objectNode:
			for _, v := range f.value.fields {
				if cells, fault = addCell(cells, cell{name: v.key, ours: true}, v.value); fault != "" {
					return nil, fault
				}
			}
		case f.key == campaignName && f.value.text == r.shape.campaign.ID:
		default:
			if cells, fault = addCell(cells, cell{name: f.key}, f.value); fault != "" {
				return nil, fault
			}
		}
	}
	return cells, ""
}

func addCell(cells []cell, c cell, value node) ([]cell, string) {
	switch value.kind {
	case nullNode:
		return cells, ""
	case scalarNode:
		c.value = value.text
		return append(cells, c), ""
	}
	return nil, fmt.Sprintf("%s is %s: want %s", show(c.name), value.kind, scalarNode)
}

// unreadable keeps the beginning of the line for the rejects file.
func (r *ObjectReader) unreadable(line []byte, text string) judged {
	const enough = 1000
	return judged{reject: &Reject{Line: r.lines.n, Reason: UnreadableRow, Text: text,
		Fields: []string{strings.ToValidUTF8(string(line[:min(len(line), enough)]), "")}}}
}

// wrap says of which file an error speaks.
func (r *ObjectReader) wrap(err error) error {
	var bad *badLine
	switch {
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &bad):
		return refuse(r.name, Problem{Line: bad.line, Text: bad.err.Error()})
	}
	return fmt.Errorf("read %s: %w", r.name, err)
}
