package providertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/provider"
)

// CheckProblems compares the paths of a configuration's problems.
func CheckProblems(t *testing.T, name string, problems []provider.Problem, want []string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, p.Path)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: problems (-want +got):\n%s", name, diff)
	}
}

// CheckRefused asks that the error about a configuration names all of its problems and
// does not say the password, which may be in an address, and that the configuration does
// not show the secret, however it is printed.
func CheckRefused(t *testing.T, config interface{ Check() []provider.Problem }, err error, password, secret string) {
	t.Helper()
	if err == nil {
		t.Fatal("the configuration was taken")
	}
	for _, p := range config.Check() {
		if !strings.Contains(err.Error(), p.Error()) {
			t.Errorf("the error does not name %s: %v", p.Path, err)
		}
	}
	if strings.Contains(err.Error(), password) {
		t.Errorf("the error says the password: %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if strings.Contains(fmt.Sprintf(verb, config), secret) {
			t.Errorf("%s shows the secret", verb)
		}
	}
}
