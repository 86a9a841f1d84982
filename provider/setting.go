package provider

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
)

var (
	senderName   = regexp.MustCompile(`^[A-Za-z0-9 ]{1,11}$`)
	senderNumber = regexp.MustCompile(`^(\+[1-9][0-9]{7,14}|[0-9]{3,8})$`)
	headerValue  = regexp.MustCompile(`^[!-~]+$`)
)

// What a person is told of a setting that is not valid.
const (
	WantKey     = "missing, or it holds a space or a sign that no key has"
	WantSender  = "want up to 11 letters, digits or spaces with a letter among them, or a number as +39…, or a short code"
	WantChannel = "the account has no channel: add whatsapp, rcs or sms"
)

// ValidAddress says whether s is where an API can be: http or https, a host, and
// neither a user nor a query nor a fragment.
func ValidAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

// ValidKey says whether s can stand in a header as a key: printable ASCII without a space.
func ValidKey(s string) bool { return headerValue.MatchString(s) }

// ValidSender says whether s can be an SMS sender: up to 11 letters, digits and spaces
// with a letter among them, a number as +39…, or a short code.
func ValidSender(s string) bool {
	if senderNumber.MatchString(s) {
		return true
	}
	hasLetter := strings.ToLower(s) != strings.ToUpper(s)
	return senderName.MatchString(s) && hasLetter && strings.TrimSpace(s) == s
}

// Join makes one error of problems; nil if there is none.
func Join(problems []Problem) error {
	errs := make([]error, 0, len(problems))
	for _, p := range problems {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}
