package campaign

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shielded is a cell of a CSV that no spreadsheet runs as a formula: one that would be run,
// or that begins as a shielded one does, gets an apostrophe before it, as spreadsheets
// themselves mark text. Plain numbers with their sign, phone numbers among them, stay as
// they are. Bare takes the apostrophe away again.
func Shielded(cell string) string {
	if runs(strings.TrimLeft(cell, "'")) {
		return "'" + cell
	}
	return cell
}

// Bare is what was shielded. Other cells stay as they are.
func Bare(cell string) string {
	if rest, shielded := strings.CutPrefix(cell, "'"); shielded && runs(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// runs says whether some spreadsheet may take a cell for a formula. Blanks before it, and
// what cannot be seen, count as nothing; so may control characters.
func runs(cell string) bool {
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return true
	}
	text := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
	first, size := utf8.DecodeRuneInString(text)
	if !strings.ContainsRune("=+-@＝＋－＠", first) || text == "" {
		return false
	}
	number := strings.ContainsRune("+-", first) && strings.Trim(text[size:], "0123456789 .,-/()") == ""
	return !number
}
