package provider

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAuthentic(t *testing.T) {
	t.Parallel()
	basic := Credentials{User: "cascade", Password: NewSecret("hush")}
	header := Credentials{Header: "X-Cascade", HeaderValue: NewSecret("hush")}
	both := Credentials{"cascade", NewSecret("hush"), "X-Cascade", NewSecret("hush")}
	for _, c := range []struct {
		name           string
		asked          Credentials
		user, password string
		header         string
		want           bool
	}{
		{"nothing asked", Credentials{}, "", "", "", true},
		{"nothing asked, something brought", Credentials{}, "x", "y", "z", true},
		{"basic", basic, "cascade", "hush", "", true},
		{"basic missing", basic, "", "", "", false},
		{"basic, wrong user", basic, "Cascade", "hush", "", false},
		{"basic, wrong password", basic, "cascade", "hush ", "", false},
		{"header", header, "", "", "hush", true},
		{"header missing", header, "", "", "", false},
		{"header, wrong", header, "", "", "hus", false},
		{"both", both, "cascade", "hush", "hush", true},
		{"both asked, basic alone", both, "cascade", "hush", "", false},
		{"both asked, header alone", both, "", "", "hush", false},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if c.user != "" {
			r.SetBasicAuth(c.user, c.password)
		}
		if c.header != "" {
			r.Header.Set("X-Cascade", c.header)
		}
		err := c.asked.Authentic(r)
		if got := err == nil; got != c.want || err != nil && !errors.Is(err, ErrNotAuthentic) {
			t.Errorf("%s: %v, want let in: %t", c.name, err, c.want)
		}
	}
}

func TestHalvesOfCredentials(t *testing.T) {
	t.Parallel()
	s := NewSecret("hush")
	for _, c := range []struct {
		asked Credentials
		want  string // path of the one problem
	}{
		{Credentials{}, ""},
		{Credentials{"u", s, "X-Cascade", s}, ""},
		{Credentials{User: "u"}, "callback_user"},
		{Credentials{Password: s}, "callback_password"},
		{Credentials{Header: "X-Cascade"}, "callback_header"},
		{Credentials{HeaderValue: s}, "callback_header_value"},
		{Credentials{Header: "two words", HeaderValue: s}, "callback_header"},
		{Credentials{Header: "authorization", HeaderValue: s}, "callback_header"},
	} {
		problems := c.asked.Problems()
		if c.want == "" && len(problems) != 0 || c.want != "" && (len(problems) != 1 || problems[0].Path != c.want) {
			t.Errorf("%+v: %v, want one at %q", c.asked, problems, c.want)
		}
	}
}
