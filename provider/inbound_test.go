package provider

import (
	"strings"
	"testing"
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
