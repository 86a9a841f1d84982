package campaign

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"
)

// Delimiter stands between the fields of a row.
type Delimiter byte

const delimiters = ";,\t|"

// String names the delimiter; a tab is "tab".
func (d Delimiter) String() string {
	if d == '\t' {
		return "tab"
	}
	return string(rune(d))
}

// MarshalText gives the delimiter's name.
func (d Delimiter) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText gives.
func (d *Delimiter) UnmarshalText(text []byte) error {
	switch name := string(text); {
	case name == "tab":
		*d = '\t'
	case len(name) == 1:
		*d = Delimiter(name[0])
	default:
		return fmt.Errorf("delimiter %q: want one sign, or tab", name)
	}
	return nil
}

// strangers are files that are taken for a CSV now and then, by their first bytes.
var strangers = []struct{ begins, what string }{
	{"PK\x03\x04", "an Excel workbook or another ZIP archive: save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "an old Excel workbook: save the sheet as CSV"},
	{"\x1f\x8b", "compressed with gzip: unpack it"},
	{"%PDF", "a PDF: export the data as CSV"},
	{"<", "a web page or XML: export the data as CSV"},
	{"{", "JSON: send it as NDJSON, or export the data as CSV"},
	{"[", "JSON: send it as NDJSON, or export the data as CSV"},
}

// noCSV says what a file is that is no CSV; "" if it may be one.
func noCSV(head []byte) string {
	if len(bytes.TrimSpace(head)) == 0 {
		return "the file is empty: want a header and rows"
	}
	text := string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte(utf8BOM)), " \t\r\n"))
	for _, s := range strangers {
		if strings.HasPrefix(text, s.begins) {
			return "this is no CSV but " + s.what
		}
	}
	if strings.IndexByte(text, 0) >= 0 {
		return "this is no CSV: it has bytes of zero, as programs and pictures do"
	}
	return ""
}

// sniffDelimiter takes the sign that cuts the most rows into as many fields as the
// header has, and of such the one that makes the most fields.
func sniffDelimiter(head []byte, end byte) byte {
	best, most := delimiters[0], [2]int{}
	for _, sign := range []byte(delimiters) {
		even, width := tryDelimiter(wholeLines(head), end, sign)
		if width > 1 && (even > most[0] || even == most[0] && width > most[1]) {
			best, most = sign, [2]int{even, width}
		}
	}
	return best
}

// tryDelimiter counts the first rows that are as wide as the header.
func tryDelimiter(head []byte, end, sign byte) (even, width int) {
	const enough = 100
	text := &lines{in: bufio.NewReader(bytes.NewReader(head)), end: end, charset: inWindows1252}
	r := rows{lines: text, comma: sign}
	for range enough {
		x, err := r.next()
		if err != nil {
			break
		}
		if blank(x.fields) {
			continue
		}
		if width == 0 {
			width = len(x.fields)
		}
		if len(x.fields) == width {
			even++
		}
	}
	return even, width
}

// blank says whether a row says nothing, however many fields it has.
func blank(fields []string) bool {
	for _, f := range fields {
		if strings.TrimSpace(f) != "" {
			return false
		}
	}
	return true
}
