package campaign

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIDsAreFunctionsOfTheirInputs(t *testing.T) {
	k := IDKey{1, 2, 3}
	a := k.Message("spring-sale", "+393401234567", "")
	if b := k.Message("spring-sale", "+393401234567", ""); a != b {
		t.Errorf("the same inputs gave %s and %s", a, b)
	}
	for what, other := range map[string]MessageID{
		"campaign": k.Message("autumn-sale", "+393401234567", ""),
		"number":   k.Message("spring-sale", "+393401234568", ""),
		"key":      k.Message("spring-sale", "+393401234567", "order-2"),
		"id key":   IDKey{9}.Message("spring-sale", "+393401234567", ""),
	} {
		if other == a {
			t.Errorf("another %s gave the same id %s", what, a)
		}
	}
	if got, want := a.Number(), k.Number("spring-sale"); got != want {
		t.Errorf("Number() = %s, want %s", got, want)
	}
	if s := a.String(); s[14] != '8' || !strings.ContainsRune("89ab", rune(s[19])) {
		t.Errorf("%s is no UUID of version 8", s)
	}
}

func TestAttemptHoldsLegTryAndMessage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var k IDKey
		copy(k[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "key"))
		m := k.Message(rapid.String().Draw(t, "campaign"), Destination(rapid.String().Draw(t, "to")), "")
		leg := rapid.IntRange(0, MaxLegs-1).Draw(t, "leg")
		try := rapid.IntRange(0, MaxTries-1).Draw(t, "try")
		a := m.Attempt(leg, try)
		if a.Message() != m || a.Leg() != leg || a.Try() != try {
			t.Fatalf("%s: message %s leg %d try %d, want %s %d %d", a, a.Message(), a.Leg(), a.Try(), m, leg, try)
		}
		if back, err := ParseAttemptID(strings.ToUpper(a.String())); err != nil || back != a {
			t.Fatalf("ParseAttemptID(%s) = %s, %v", a, back, err)
		}
		if _, err := ParseMessageID(a.String()); err == nil {
			t.Fatalf("%s passed as a message id", a)
		}
		if _, err := ParseAttemptID(m.String()); err == nil {
			t.Fatalf("%s passed as an attempt id", m)
		}
	})
}

func TestDifferentAttemptsDiffer(t *testing.T) {
	m := IDKey{}.Message("c", "+39340", "")
	seen := map[AttemptID]bool{}
	for leg := range MaxLegs {
		for try := range MaxTries {
			a := m.Attempt(leg, try)
			if seen[a] {
				t.Fatalf("leg %d try %d: %s was there", leg, try, a)
			}
			seen[a] = true
		}
	}
}

func TestParseNumber(t *testing.T) {
	n := IDKey{7}.Number("c")
	if back, err := ParseNumber(n.String()); err != nil || back != n {
		t.Errorf("ParseNumber(%q) = %v, %v", n.String(), back, err)
	}
	for _, bad := range []string{"", "12", "zzzzzzzzzz", "00112233445"} {
		if _, err := ParseNumber(bad); err == nil {
			t.Errorf("ParseNumber(%q): no error", bad)
		}
	}
}
