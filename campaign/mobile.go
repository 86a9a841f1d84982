package campaign

import "strings"

// mobile is a shape of mobile numbers that are valid whatever their last digits are.
// Numbers of such a shape need no look at the whole metadata, which takes ten
// microseconds each; a test holds every shape against the metadata.
type mobile struct {
	country string
	region  string
	trunk   string // may stand before a national number
	digits  int    // of the national number
	leads   [1000]bool
}

var mobiles = []*mobile{
	newMobile("39", "IT", "", 10, "32-39"),
	newMobile("33", "FR", "0", 9, "60-62 64-68 73-79"),
	newMobile("34", "ES", "", 9, "60-69 71-74 78"),
	newMobile("49", "DE", "0", 11, "150-152 155-159"),
	newMobile("49", "DE", "0", 10, "160 162 163 170-179"),
	newMobile("44", "GB", "0", 10, "71-73 740-744 746-749 751 753-759 771-777 780 781 784-789 790 792 794-796"),
	newMobile("64", "NZ", "0", 8, "21 26"),
	newMobile("64", "NZ", "0", 9, "20-22 27-29"),
	newMobile("64", "NZ", "0", 10, "20-22 27-29"),
	newMobile("91", "IN", "0", 10, "69 70 72 74 771-779 780-787 789 84 85 867-869 871-876 892-899 90-99"),
}

// newMobile reads the leads, the first two or three digits with ranges: "60-62 781".
func newMobile(country, region, trunk string, digits int, leads string) *mobile {
	m := &mobile{country: country, region: region, trunk: trunk, digits: digits}
	for _, span := range strings.Fields(leads) {
		from, to, found := strings.Cut(span, "-")
		if !found {
			to = from
		}
		for i := lead(from + "0"); i <= lead(to+"9"); i++ {
			m.leads[i] = true
		}
	}
	return m
}

// lead is the number that the first three digits make.
func lead(s string) int { return int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0') }

// wellKnownMobile recognises what dial left of a number, if its shape is known.
func wellKnownMobile(digits, region string) (to Destination, known bool) {
	international := digits[0] == '+'
	for _, m := range mobiles {
		if international {
			national, found := strings.CutPrefix(digits[1:], m.country)
			if found && m.matches(national) {
				return Destination(digits), true
			}
			continue
		}
		if m.region != region {
			continue
		}
		national := digits
		if len(national) > m.digits {
			national = strings.TrimPrefix(national, m.trunk)
		}
		if m.matches(national) {
			return Destination("+" + m.country + national), true
		}
	}
	return "", false
}

func (m *mobile) matches(national string) bool {
	return len(national) == m.digits && m.leads[lead(national)]
}
