package provider

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"regexp"
)

// ErrNotAuthentic is the error of a callback that came to the right address and lacks
// what the account's configuration requires of it besides. It changes nothing.
var ErrNotAuthentic = errors.New("the callback does not bear what the account's configuration requires of it")

// Credentials are what every callback must bear besides the secret in its address, where
// the provider can be told to send it. The zero value requires nothing.
type Credentials struct {
	User        string `yaml:"callback_user"` // basic authentication
	Password    Secret `yaml:"callback_password"`
	Header      string `yaml:"callback_header"` // the name of a header that is always the same
	HeaderValue Secret `yaml:"callback_header_value"`
}

// Authentic is ErrNotAuthentic if the callback lacks one of them. It compares in
// constant time.
func (c Credentials) Authentic(r *http.Request) error {
	good := 1
	if c.User != "" {
		user, password, _ := r.BasicAuth()
		good &= same(user, c.User) & same(password, c.Password.Reveal())
	}
	if c.Header != "" {
		good &= same(r.Header.Get(c.Header), c.HeaderValue.Reveal())
	}
	if good != 1 {
		return ErrNotAuthentic
	}
	return nil
}

// same is 1 if both are equal. It compares digests, so that the time does not tell how
// long the secret is.
func same(got, want string) int {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:])
}

// Secrets are those that no error may show.
func (c Credentials) Secrets() []string { return []string{c.Password.Reveal(), c.HeaderValue.Reveal()} }

// Problems finds halves of credentials, which would check nothing.
func (c Credentials) Problems() []Problem {
	return append(
		Pair("callback_user", "callback_password", c.User, c.Password, "as the provider was told to send them"),
		HeaderProblems("callback_header", "callback_header_value", c.Header, c.HeaderValue, "the name of the header and what it always says")...)
}

var headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

// HeaderProblems are those of a header and the secret that goes with it; neither is none.
func HeaderProblems(path, secretPath, header string, secret Secret, why string) []Problem {
	problems := Pair(path, secretPath, header, secret, why)
	if header != "" && (!headerName.MatchString(header) || http.CanonicalHeaderKey(header) == "Authorization") {
		problems = append(problems, Problem{Path: path, Text: "want the name of a header of its own"})
	}
	return problems
}

// Pair is the problem of a setting without the secret that goes with it, or the other
// way round. It stands at the half that is there, where the file can be pointed at.
func Pair(path, secretPath, value string, secret Secret, why string) []Problem {
	there, hidden := value != "", secret.Reveal() != ""
	if there == hidden {
		return nil
	}
	if hidden {
		path, secretPath = secretPath, path
	}
	return []Problem{{Path: path, Text: "want " + secretPath + " beside it: " + why}}
}
