package campaign

import (
	"strings"
	"testing"
)

func TestParseDestination(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ text, region, want string }{
		{"+393401234567", "", "+393401234567"},
		{"+39 340 1234567", "", "+393401234567"},
		{"(+39) 340-123.45.67", "", "+393401234567"},
		{"[+39] 340/1234567", "", "+393401234567"},
		{"+39\u00a0340\u20111234567", "", "+393401234567"},
		{"00393401234567", "IT", "+393401234567"},
		{"0039 340 1234567", "GB", "+393401234567"},
		{"3401234567", "IT", "+393401234567"},
		{"340 123 4567", "IT", "+393401234567"},
		{"393401234567", "IT", "+393401234567"}, // the country's code without its plus
		{"3912000003", "IT", "+393912000003"},   // a prefix that looks like the country's code
		{"393912000003", "IT", "+393912000003"},
		{"+393912000003", "", "+393912000003"},
		{"3934012345", "IT", "+393934012345"},
		{"340123456", "IT", "+39340123456"},
		{"06 69812345", "IT", "+390669812345"},
		{"07400 910284", "GB", "+447400910284"},
		{"+44 (0)7400 910284", "", "+447400910284"},
		{"0612020085", "FR", "+33612020085"},
		{"612020085", "FR", "+33612020085"},
		{"+4915123000291", "IT", "+4915123000291"},
		{"021 200 0131", "NZ", "+64212000131"},
		{"98200 03142", "IN", "+919820003142"},
		{"(212) 555-1234", "US", "+12125551234"},
		{"011 39 340 1234567", "US", "+393401234567"},
	} {
		got, err := ParseDestination(x.text, x.region)
		if err != nil || got.E164() != x.want {
			t.Errorf("ParseDestination(%q, %q) = %s, %v, want %s", x.text, x.region, got.E164(), err, x.want)
		}
	}
}

func TestParseDestinationRefuses(t *testing.T) {
	t.Parallel()
	const (
		noCountry = "no country code: want a number with + and the country code, or recipients.region in the campaign"
		letters   = "letters or signs in it: want a phone number, as +393401234567"
		noDigits  = "no digits: want a phone number, as +393401234567"
		onePlus   = "want one + at the beginning"
		shortened = "a spreadsheet shortened this number: format the column as text and export again"
	)
	for _, x := range []struct{ text, region, want string }{
		{"", "IT", noDigits},
		{"+", "IT", noDigits},
		{"-", "IT", noDigits},
		{"3401234567", "", noCountry},
		{"393401234567", "", noCountry},
		{"00393401234567", "", noCountry},
		{"++393401234567", "IT", onePlus},
		{"+39+3401234567", "IT", onePlus},
		{"3401234567+", "IT", onePlus},
		{"3,93401E+11", "IT", shortened},
		{"3.93401e+11", "IT", shortened},
		{"abc", "IT", letters},
		{"n/d", "IT", letters},
		{"tel: 3401234567", "IT", letters},
		{"340 1234567 int. 5", "IT", letters},
		{"340,1234567", "IT", letters},
		{"0", "IT", "not a valid number in IT"},
		{"12345", "IT", "not a valid number in IT"},
		{"3401234567890123", "IT", "not a valid number in IT"},
		{"+39 340", "IT", "not a valid number of its country"},
		{"+39340", "", "not a valid number of its country"},
		{"+0393401234567", "IT", "not a valid number of its country"},
		{"+999123456789", "IT", "not a valid number of its country"},
		{"+2902158", "", "not a valid number of its country"},
		{"+6834000", "", "want 8 to 15 digits with the country code"},
		{strings.Repeat("3", 300), "IT", "not a valid number in IT"},
	} {
		got, err := ParseDestination(x.text, x.region)
		if err == nil || err.Error() != x.want {
			t.Errorf("ParseDestination(%q, %q) = %s, %v, want %s", x.text, x.region, got.E164(), err, x.want)
		}
	}
}

func TestLandlines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"+393401234567":  false,
		"+390669812345":  true,
		"+39800123456":   true,  // toll-free
		"+12125551234":   false, // may be either
		"+442079460018":  true,
		"+64212000131":   false,
		"+4915123000291": false,
	} {
		if _, landline, err := parseNumber(text, ""); err != nil || landline != want {
			t.Errorf("parseNumber(%q): landline %t, %v, want %t", text, landline, err, want)
		}
	}
}

func FuzzParseDestination(f *testing.F) {
	f.Add("+39 340 1234567", "IT")
	f.Add("++39340", "")
	f.Add("(0)7400-910284", "GB")
	f.Fuzz(func(t *testing.T, text, region string) {
		to, err := ParseDestination(text, region)
		if err != nil {
			if len(text) > 9 && strings.Contains(err.Error(), text) {
				t.Errorf("the error gives the number away: %v", err)
			}
			return
		}
		if again, err := ParseDestination(to.E164(), ""); err != nil || again != to {
			t.Errorf("%q in %q is %s, which is %s, %v", text, region, to.E164(), again.E164(), err)
		}
	})
}
