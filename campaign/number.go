package campaign

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// ParseDestination reads a phone number as people write it. Spaces, dots, dashes,
// brackets and slashes do not matter. region, as "IT", is for numbers without a
// country code, and lets 00 stand for the plus; without a region both are refused,
// not guessed. Errors say what is wrong without the number.
func ParseDestination(s, region string) (Destination, error) {
	to, _, err := parseNumber(s, region)
	return to, err
}

// parseNumber also says whether the number is one of those that get no SMS.
func parseNumber(s, region string) (to Destination, landline bool, err error) {
	digits, err := dial(s)
	if err != nil {
		return "", false, err
	}
	international := strings.HasPrefix(digits, "+")
	if !international && region == "" {
		return "", false, errors.New("no country code: want a number with + and the country code, or recipients.region in the campaign")
	}
	if rest, found := strings.CutPrefix(digits, "00"); found {
		digits, international = "+"+rest, true
	}
	if to, known := wellKnownMobile(digits, region); known {
		return to, false, nil
	}
	number, err := phonenumbers.Parse(digits, region)
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", false, invalid(international, region)
	}
	e164 := phonenumbers.Format(number, phonenumbers.E164)
	if n := len(e164) - 1; n < 8 || n > 15 {
		return "", false, errors.New("want 8 to 15 digits with the country code")
	}
	return Destination(e164), getsNoSMS(phonenumbers.GetNumberType(number)), nil
}

func invalid(international bool, region string) error {
	if international {
		return errors.New("not a valid number of its country")
	}
	return fmt.Errorf("not a valid number in %s", region)
}

// getsNoSMS: a number that may be either, as in North America, is given the benefit
// of the doubt.
func getsNoSMS(t phonenumbers.PhoneNumberType) bool {
	switch t {
	case phonenumbers.FIXED_LINE, phonenumbers.TOLL_FREE, phonenumbers.PREMIUM_RATE,
		phonenumbers.SHARED_COST, phonenumbers.UAN, phonenumbers.VOICEMAIL:
		return true
	}
	return false
}

// dial leaves of a number what one would dial: its digits, after a plus if it has one.
func dial(s string) (string, error) {
	b := make([]byte, 0, 32)
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b = append(b, byte(r))
		case r == '+' && len(b) == 0:
			b = append(b, '+')
		case r == '+' && !isShortened(s):
			return "", errors.New("want one + at the beginning")
		case !strings.ContainsRune(" .-()[]/", r) && !unicode.In(r, unicode.Zs, unicode.Pd):
			return "", unreadable(s)
		}
	}
	if len(b) == 0 || string(b) == "+" {
		return "", errors.New("no digits: want a phone number, as +393401234567")
	}
	return string(b), nil
}

func unreadable(s string) error {
	if isShortened(s) {
		return errors.New("a spreadsheet shortened this number: format the column as text and export again")
	}
	return errors.New("letters or signs in it: want a phone number, as +393401234567")
}

// isShortened finds what a spreadsheet makes of a long number: 3,93401E+11.
func isShortened(s string) bool {
	mantissa, exponent, found := strings.Cut(strings.ToUpper(s), "E+")
	return found && strings.Trim(mantissa, "0123456789.,") == "" && strings.Trim(exponent, "0123456789") == ""
}
