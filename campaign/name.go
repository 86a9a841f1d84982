package campaign

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is a name without what people do not see or do not mean: case, accents,
// spaces, underscores and dashes. Names that fold alike are the same name.
func fold(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(name) {
		if unicode.Is(unicode.Mn, r) || separates(r) {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func separates(r rune) bool { return r == '_' || r == '-' || unicode.IsSpace(r) }

// camelCase makes a variable's name of a header: "Codice Sconto" is codiceSconto,
// "Città" is citta. Signs that are neither letters nor digits are left out.
func camelCase(header string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(header, separates) {
		word = plain(word)
		if word == strings.ToUpper(word) {
			word = strings.ToLower(word)
		}
		first, size := utf8.DecodeRuneInString(word)
		if size == 0 {
			continue
		}
		if b.Len() == 0 {
			b.WriteRune(unicode.ToLower(first))
		} else {
			b.WriteRune(unicode.ToUpper(first))
		}
		b.WriteString(word[size:])
	}
	return b.String()
}

// plain keeps letters and digits, without their accents.
func plain(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, norm.NFD.String(word))
}
