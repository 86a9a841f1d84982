package campaign

import "unicode/utf8"

// Encoding is how an SMS travels.
type Encoding uint8

// The encodings of SMS texts.
const (
	GSM7 Encoding = iota // GSM 03.38: 160 units alone, 153 in each part of several
	UCS2                 // UTF-16: 70 units alone, 67 in each part of several
)

func (e Encoding) String() string { return [...]string{"GSM-7", "UCS-2"}[e] }

// room is how many units a part holds: alone, and as one of several.
func (e Encoding) room() (alone, several int) {
	if e == UCS2 {
		return 70, 67
	}
	return 160, 153
}

// The characters of GSM 03.38 (3GPP TS 23.038): the basic table takes one unit each,
// the extension table two.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

var gsmUnits = gsmTable()

func gsmTable() map[rune]int {
	units := make(map[rune]int, len(gsmBasic)+len(gsmExtended))
	for _, r := range gsmBasic {
		units[r] = 1
	}
	for _, r := range gsmExtended {
		units[r] = 2
	}
	return units
}

// Segments says how a text travels as an SMS, how many units and parts it takes, and
// which character was the first to force it into UCS-2 (0: none did). Parts are
// filled, not divided: a character of two units is never split between two. A text
// without a character has no part.
func Segments(text string) (e Encoding, units, parts int, forced rune) {
	for _, r := range text {
		if gsmUnits[r] == 0 {
			e, forced = UCS2, r
			break
		}
	}
	for _, r := range text {
		units += e.size(r)
	}
	return e, units, e.parts(text, units), forced
}

func (e Encoding) parts(text string, units int) int {
	alone, several := e.room()
	if units <= alone {
		return min(units, 1)
	}
	parts, room := 1, several
	for _, r := range text {
		size := e.size(r)
		if size > room {
			parts, room = parts+1, several
		}
		room -= size
	}
	return parts
}

// size is how many units a character takes.
func (e Encoding) size(r rune) int {
	if e == GSM7 {
		return gsmUnits[r]
	}
	if r > 0xffff && r <= utf8.MaxRune {
		return 2
	}
	return 1
}
