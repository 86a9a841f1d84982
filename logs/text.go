package logs

import (
	"regexp"
	"strings"
	"unicode"
)

// The forms of secrets, with what of them stays: the first group, and the last.
var secrets = []*regexp.Regexp{
	regexp.MustCompile(`(://)[^/\s@"']+(@)`), // user and password of an address
	regexp.MustCompile(`(/callbacks/[^/\s"']+/)[^/\s?"']+()`),
	regexp.MustCompile(`(?i)(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}()`),
	regexp.MustCompile(`(?i)(\bauthorization["']?\s*[:=]\s*["']?(?:\w+\s+)?)[^\s"'&,;]+()`),
	regexp.MustCompile(`(?i)(\b[\w-]*(?:api[-_]?key|passw(?:or)?d|secret|token)["']?\s*[:=]\s*["']?)[^\s"'&,;]+()`),
}

// octet is one of the four parts of a machine's address.
const octet = `(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`

// kept is what has digits and is no number of a person: ids, dates, versions, addresses of
// machines (the group), times and sizes.
var kept = regexp.MustCompile(strings.Join([]string{
	`[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}`,
	`\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d\b)?`,
	`\bip-\d{1,3}(?:-\d{1,3}){3}\b`,
	`\bv\d+(?:\.\d+)+[\w.+-]*`,
	`\b(` + octet + `(?:\.` + octet + `){3})\b(?::\d{1,5}\b)?`,
	`\b\d[\d.]*(?:ns|µs|ms|[smh]|[KMGT]i?B|B)\b`,
	`\b\d+ (?:bytes|B|ms|µs|ns|s)\b`,
	`\b(?:[0-9]*[a-fA-F][0-9a-fA-F]{6,}|[0-9]{7,}[a-fA-F][0-9a-fA-F]*|\d{16,})(?:q\d+)?\b`,
}, "|"))

// digits are a candidate: a row of them with what people put between.
var digits = regexp.MustCompile(`\+?\(?\p{Nd}(?:[\s\x{a0}\x{2009}\x{202f}./()\x{2010}-\x{2015}-]{0,3}\p{Nd})*`)

// escaped is a number as an address has it, whose plus sign reads as two hexadecimal digits.
var escaped = regexp.MustCompile(`%2[bB]\d{7,15}`)

// How many digits a number has at least: one that begins as international ones do, and any.
const (
	international = 7
	national      = 9
)

// Text masks what looks like a phone number or a secret. Ids stay readable. Masking what
// is masked changes nothing.
func Text(s string) string {
	for _, secret := range secrets {
		s = secret.ReplaceAllString(s, "${1}***${2}")
	}
	s = escaped.ReplaceAllStringFunc(s, func(n string) string { return n[:3] + number("+" + n[3:])[1:] })
	if strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for _, span := range kept.FindAllStringSubmatchIndex(s, -1) {
		if span[2] >= 0 && partOfNumber(s[:span[2]], s[span[3]:]) {
			continue
		}
		b.WriteString(digits.ReplaceAllStringFunc(s[from:span[0]], number))
		b.WriteString(s[span[0]:span[1]])
		from = span[1]
	}
	b.WriteString(digits.ReplaceAllStringFunc(s[from:], number))
	return b.String()
}

// partOfNumber says whether what looks like a machine's address stands in a longer row of
// digits between dots, or after a plus sign.
func partOfNumber(before, after string) bool {
	isDigit := func(c byte) bool { return '0' <= c && c <= '9' }
	b := len(before)
	return strings.HasSuffix(before, "+") ||
		b > 1 && before[b-1] == '.' && isDigit(before[b-2]) ||
		len(after) > 1 && after[0] == '.' && isDigit(after[1])
}

// number masks a candidate that has as many digits as a number, but for the first two
// digits and the last two.
func number(s string) string {
	n := 0
	for _, c := range s {
		if unicode.IsDigit(c) {
			n++
		}
	}
	least := national
	if strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00") {
		least = international
	}
	if n < least {
		return s
	}
	at := 0
	return strings.Map(func(c rune) rune {
		if !unicode.IsDigit(c) {
			return c
		}
		if at++; at <= 2 || at > n-2 {
			return c
		}
		return '*'
	}, s)
}
