package provider

import (
	"errors"
	"testing"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		valid func(string) bool
		good  []string
		bad   []string
	}{
		{"address", ValidAddress,
			[]string{"https://api.example.com", "http://127.0.0.1:9090/api/"},
			[]string{"", "api.example.com", "ftp://example.com", "https://", "https://u:p@example.com", "https://example.com?k=1", "https://example.com/#x", "https://a b"}},
		{"key", ValidKey, []string{"k", "A-b_c.9~!"}, []string{"", "a b", "a\n", "é"}},
		{"sender", ValidSender,
			[]string{"MyBrand", "My Brand 24", "A", "+393401234567", "48100"},
			[]string{"", "My Brand 2024", " Brand", "Brànd", "My-Brand", "12", "+0340123456", "Brand\n"}},
	} {
		for _, s := range c.good {
			if !c.valid(s) {
				t.Errorf("%s %q is refused", c.what, s)
			}
		}
		for _, s := range c.bad {
			if c.valid(s) {
				t.Errorf("%s %q is taken", c.what, s)
			}
		}
	}
	if err := Join(nil); err != nil {
		t.Errorf("no problem became %v", err)
	}
	if err, p := Join([]Problem{{"a", "x"}, {"b", "y"}}), (Problem{"b", "y"}); err == nil || err.Error() != "a: x\nb: y" || !errors.Is(err, p) {
		t.Errorf("two problems became %v", err)
	}
}
