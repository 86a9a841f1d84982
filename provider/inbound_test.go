package provider

import (
	"strings"
	"testing"
	"time"
)

func TestPerson(t *testing.T) {
	t.Parallel()
	if to, err := Person("+39 340 1234567"); err != nil || to.E164() != "+393401234567" {
		t.Errorf("%s, error %v", to, err)
	}
	for _, number := range []string{"", "3401234567", "MyBrand", "+1"} {
		if to, err := Person(number); err == nil || strings.ContainsAny(err.Error(), "0123456789") {
			t.Errorf("%q became %s, error %v; want an error without a number", number, to, err)
		}
	}
}

func TestInboundID(t *testing.T) {
	t.Parallel()
	if a, b := InboundID("a", "b"), InboundID("a", "b"); a != b || !strings.HasPrefix(a, "inbound-") {
		t.Errorf("the same parts became %s and %s", a, b)
	}
	if a, b := InboundID("a", "b"), InboundID("ab", ""); a == b {
		t.Errorf("other parts became the same %s", a)
	}
}

func TestUnixTime(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Time{
		"1767739600":   time.Date(2026, 1, 6, 22, 46, 40, 0, time.UTC),
		"253402300799": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
		"253402300800": {}, "0": {}, "-5": {}, "": {}, "soon": {}, "1e9": {},
	} {
		if got := UnixTime(s); !got.Equal(want) || got.IsZero() != want.IsZero() {
			t.Errorf("%q became %s, want %s", s, got, want)
		}
	}
}
