package simulator

import (
	"strings"
	"testing"
)

func TestParts(t *testing.T) {
	t.Parallel()
	a, ya := func(n int) string { return strings.Repeat("a", n) }, func(n int) string { return strings.Repeat("я", n) }
	for _, c := range []struct {
		text    string
		parts   int
		unicode bool
	}{
		{a(160), 1, false}, {a(161), 2, false}, {a(306), 2, false}, {a(307), 3, false},
		{strings.Repeat("€", 80), 1, false}, {strings.Repeat("€", 81), 2, false},
		{a(152) + "€" + a(151), 2, false}, {a(152) + "€" + a(152), 3, false},
		{"Perché è così", 1, false}, {"Città d’arte", 1, true}, {"ç", 1, true},
		{ya(70), 1, true}, {ya(71), 2, true}, {ya(134), 2, true}, {ya(135), 3, true},
		{strings.Repeat("😀", 35), 1, true}, {strings.Repeat("😀", 36), 2, true},
		{ya(66) + "😀" + ya(65), 2, true}, {ya(66) + "😀" + ya(66), 3, true},
	} {
		if parts, unicode := smsParts(c.text); parts != c.parts || unicode != c.unicode {
			t.Errorf("%.20q (%d bytes): %d parts, unicode %t; want %d, %t", c.text, len(c.text), parts, unicode, c.parts, c.unicode)
		}
	}
}
