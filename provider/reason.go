package provider

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxReason = 80   // characters
	maxText   = 4096 // characters: the longest text of any channel
	maxID     = 256  // bytes
	minBlot   = 3    // characters: blotting out less would eat the provider's own words
)

var (
	address = regexp.MustCompile(`\S*://\S*`)
	quoted  = regexp.MustCompile(`"[^"]*("|$)|“[^”]*(”|$)|«[^»]*(»|$)`)
	digits  = regexp.MustCompile(`\+?\p{Nd}([ ().\-/]{0,2}\p{Nd}){4,}`)
)

// Reason makes a provider's words fit to be stored, logged and shown: one line of at
// most 80 characters, without addresses, quotations (providers quote texts), five or
// more digits together (a number may be among them), or anything in private.
func Reason(words string, private ...string) string {
	words = strings.ToValidUTF8(words, "")
	private = slices.Clone(private)
	slices.SortFunc(private, func(a, b string) int { return len(b) - len(a) })
	for _, p := range private {
		if utf8.RuneCountInString(p) >= minBlot {
			words = strings.ReplaceAll(words, p, "…")
		}
	}
	words = address.ReplaceAllString(words, "…")
	words = quoted.ReplaceAllString(words, "…")
	words = digits.ReplaceAllString(words, "#")
	words = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, words)
	return capped(strings.Join(strings.Fields(words), " "), maxReason)
}

// Text makes what a person wrote fit to be kept: valid UTF-8 of at most 4096
// characters. It remains hostile input to whoever shows it.
func Text(s string) string { return capped(strings.ToValidUTF8(s, "\uFFFD"), maxText) }

// ID makes a provider's id fit to be a key; "" if it is none.
func ID(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > maxID || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return ""
	}
	return s
}

func capped(s string, characters int) string {
	for i := range s {
		if characters == 0 {
			return s[:i]
		}
		characters--
	}
	return s
}
