package campaign

import (
	"fmt"
	"io"
)

// Look finds a file's encoding, delimiter and header, and which of the campaign's names
// stand under which header, also where NewReader refuses the file because some do not.
func Look(source io.Reader, c Campaign) (Facts, error) {
	r := &Reader{}
	r.preview = newPreview("", r.read)
	text, head, err := newLines(source)
	if err != nil {
		return Facts{}, fmt.Errorf("read %s: %w", r.name, err)
	}
	if what := noCSV(head); what != "" {
		return Facts{}, refuse(r.name, Problem{Text: what})
	}
	r.rows = rows{lines: text, comma: sniffDelimiter(head, text.end)}
	err = r.readHeader(c)
	if len(r.mapping.header) > 0 {
		err = nil
	}
	return r.Facts(), err
}
