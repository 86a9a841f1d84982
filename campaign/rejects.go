package campaign

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Rejects are the rejected rows of all of a campaign's files, with the columns of all
// files together, to which their fields belong.
type Rejects struct {
	Header []string
	Rows   []Reject
	Cut    bool // there may have been more than were kept
}

// RejectsWriter writes rejected rows as a CSV that can be mended and loaded again: the
// original columns, then line, column, reason and text, each cell Shielded.
type RejectsWriter struct {
	csv   *csv.Writer
	width int
	cells []string
}

// NewRejectsWriter writes the heading for rows of a file with this header. It is UTF-8,
// with the file's own delimiter.
func NewRejectsWriter(w io.Writer, header []string, delimiter Delimiter) (*RejectsWriter, error) {
	r := &RejectsWriter{csv: csv.NewWriter(w), width: len(header)}
	r.csv.Comma = rune(delimiter)
	return r, r.row(header, "line", "column", "reason", "text")
}

// Write adds a row. Fields that the header has no column for come after the text.
func (r *RejectsWriter) Write(j Reject) error {
	return r.row(j.Fields, strconv.Itoa(j.Line), j.Column, string(j.Reason), j.Text)
}

// Flush writes out what is buffered, and says what went wrong so far.
func (r *RejectsWriter) Flush() error {
	r.csv.Flush()
	if err := r.csv.Error(); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

func (r *RejectsWriter) row(fields []string, verdict ...string) error {
	fits := min(len(fields), r.width)
	r.cells = append(r.cells[:0], fields[:fits]...)
	for range r.width - fits {
		r.cells = append(r.cells, "")
	}
	r.cells = append(r.cells, verdict...)
	r.cells = append(r.cells, fields[fits:]...)
	for i, cell := range r.cells {
		r.cells[i] = Shielded(cell)
	}
	if err := r.csv.Write(r.cells); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}
