package campaign

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// Every lead, with every 31st of the thousand threes of digits after it, which brings
// each digit to each place, and random digits after those.
func TestWellKnownMobilesAreWhatTheMetadataSays(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for _, m := range mobiles {
		for l, is := range m.leads {
			if !is {
				continue
			}
			for next := 0; next < 1000; next += 31 {
				rest := m.digits - 6
				national := fmt.Sprintf("%03d%03d%0*d", l, next, rest, random.IntN(pow10(rest)))
				checkMobile(t, m, "+"+m.country+national, "", national)
				if next%4 == 0 {
					checkMobile(t, m, national, m.region, national)
					checkMobile(t, m, m.trunk+national, m.region, national)
				}
			}
		}
	}
}

func checkMobile(t *testing.T, m *mobile, digits, region, national string) {
	t.Helper()
	to, known := wellKnownMobile(digits, region)
	if want := "+" + m.country + national; !known || to.E164() != want {
		t.Errorf("%s, %d digits: wellKnownMobile(%q, %q) = %q, %t, want %q", m.region, m.digits, digits, region, to.E164(), known, want)
	}
	number, err := phonenumbers.Parse(digits, region)
	if err != nil {
		t.Errorf("%s, %d digits: the metadata refuses %q: %v", m.region, m.digits, digits, err)
		return
	}
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	valid, kind := phonenumbers.IsValidNumber(number), phonenumbers.GetNumberType(number)
	if e164 != to.E164() || !valid || getsNoSMS(kind) {
		t.Errorf("%s, %d digits: of %q the metadata says %s, valid %t, type %v", m.region, m.digits, digits, e164, valid, kind)
	}
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}
