package campaign

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	n := strings.Repeat
	for _, x := range []struct {
		name, text string
		encoding   Encoding
		units      int
		parts      int
		forced     rune
	}{
		{"nothing", "", GSM7, 0, 0, 0},
		{"160 a", n("a", 160), GSM7, 160, 1, 0},
		{"161 a", n("a", 161), GSM7, 161, 2, 0},
		{"306 a", n("a", 306), GSM7, 306, 2, 0},
		{"307 a", n("a", 307), GSM7, 307, 3, 0},
		{"80 €", n("€", 80), GSM7, 160, 1, 0},
		{"81 €", n("€", 81), GSM7, 162, 2, 0},
		{"159 a, €", n("a", 159) + "€", GSM7, 161, 2, 0},
		{"152 a, €, 151 a", n("a", 152) + "€" + n("a", 151), GSM7, 305, 2, 0},
		{"152 a, €, 152 a", n("a", 152) + "€" + n("a", 152), GSM7, 306, 3, 0},
		{"accents", "Perché è così", GSM7, 13, 1, 0},
		{"straight apostrophe", "Città d'arte", GSM7, 12, 1, 0},
		{"curly apostrophe", "Città d’arte", UCS2, 12, 1, '’'},
		{"small cedilla", "ç", UCS2, 1, 1, 'ç'},
		{"great cedilla", "Ç", GSM7, 1, 1, 0},
		{"70 я", n("я", 70), UCS2, 70, 1, 'я'},
		{"71 я", n("я", 71), UCS2, 71, 2, 'я'},
		{"134 я", n("я", 134), UCS2, 134, 2, 'я'},
		{"135 я", n("я", 135), UCS2, 135, 3, 'я'},
		{"35 😀", n("😀", 35), UCS2, 70, 1, '😀'},
		{"36 😀", n("😀", 36), UCS2, 72, 2, '😀'},
		{"66 я, 😀, 65 я", n("я", 66) + "😀" + n("я", 65), UCS2, 133, 2, 'я'},
		{"66 я, 😀, 66 я", n("я", 66) + "😀" + n("я", 66), UCS2, 134, 3, 'я'},
		{"extension table", "\f^{}\\[~]|€", GSM7, 20, 1, 0},
		{"tab", "a\tb", UCS2, 3, 1, '\t'},
		{"backtick", "`", UCS2, 1, 1, '`'},
		{"broken UTF-8", "a\xffb", UCS2, 3, 1, '\uFFFD'},
	} {
		encoding, units, parts, forced := Segments(x.text)
		if encoding != x.encoding || units != x.units || parts != x.parts || forced != x.forced {
			t.Errorf("Segments(%s) = %s, %d units, %d parts, forced by %q; want %s, %d, %d, %q",
				x.name, encoding, units, parts, forced, x.encoding, x.units, x.parts, x.forced)
		}
	}
}

func TestBasicTableIsWhole(t *testing.T) {
	t.Parallel()
	ones, twos := 0, 0
	for _, units := range gsmUnits {
		switch units {
		case 1:
			ones++
		case 2:
			twos++
		}
	}
	if ones != 127 || twos != 10 { // 128 places, one of which is the escape
		t.Errorf("the tables have %d and %d characters, want 127 and 10", ones, twos)
	}
}

func TestPartsHoldWhatTheyMust(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aé€{я😀")), 0, 600, -1).Draw(t, "text")
		encoding, units, parts, _ := Segments(text)
		alone, several := encoding.room()
		least := (units + several - 1) / several
		if units <= alone {
			least = min(units, 1)
		}
		// A part is left with at most one free unit, before a character of two.
		most := max(least, (units+several-2)/(several-1))
		if parts < least || parts > most {
			t.Fatalf("%d units of %s take %d parts, want %d to %d", units, encoding, parts, least, most)
		}
	})
}
