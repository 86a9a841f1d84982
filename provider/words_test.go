package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestReason(t *testing.T) {
	long := strings.Repeat("é", 200)
	for _, c := range []struct{ words, want string }{
		{"template not approved", "template not approved"},
		{"  two\n\tlines\x00 ", "two lines"},
		{"number +39 340 123-4567 is bad", "number # is bad"},
		{"number 00393401234567", "number #"},
		{"number (340) 1234567 or ٣٤٠١٢٣٤", "number (# or #"},
		{"error 7002, wait 12 s", "error 7002, wait 12 s"},
		{"see https://example.com/?key=abc now", "see … now"},
		{`text "Ciao Mario" is long`, "text … is long"},
		{`text "Ciao Mario`, "text …"},
		{"text «Ciao» “Mario”", "text … …"},
		{"key s3cr3t for Mario", "key … for …"},
		{"bad \xff\xfe bytes", "bad bytes"},
		{long, long[:160]},
		{"", ""},
	} {
		if got := Reason(c.words, "s3cr3t", "Mario", "y", ""); got != c.want {
			t.Errorf("Reason(%q) = %q, want %q", c.words, got, c.want)
		}
	}
}

func TestReasonIsAlwaysFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z +\-().]|[0-9]|"){0,200}`)).Draw(t, "words")
		got := Reason(words)
		run := 0
		for _, r := range got {
			if run++; r < '0' || r > '9' {
				run = 0
			}
			if run == 5 {
				t.Fatalf("Reason(%q) = %q shows five digits", words, got)
			}
		}
		if utf8.RuneCountInString(got) > 80 || !utf8.ValidString(got) {
			t.Fatalf("Reason(%q) = %q", words, got)
		}
		if again := Reason(got); utf8.RuneCountInString(again) > 80 {
			t.Fatalf("Reason of %q grew to %q", got, again)
		}
	})
}

func TestTextAndID(t *testing.T) {
	if got := Text(strings.Repeat("é", 5000)); utf8.RuneCountInString(got) != 4096 {
		t.Errorf("the text kept %d characters", utf8.RuneCountInString(got))
	}
	if got := Text("caff\xe8"); got != "caff\uFFFD" {
		t.Errorf("Text of Latin-1 = %q", got)
	}
	for id, want := range map[string]string{
		" wamid.X ": "wamid.X", "": "", "a\nb": "", strings.Repeat("x", 257): "", "\xff": "",
	} {
		if got := ID(id); got != want {
			t.Errorf("ID(%q) = %q, want %q", id, got, want)
		}
	}
}

func TestSecretShowsNothing(t *testing.T) {
	const key = "s3cr3t"
	hidden := struct {
		Public  Secret
		private Secret
	}{NewSecret(key), NewSecret(key)}
	for _, v := range []any{hidden, &hidden, hidden.Public, &hidden.Public, []Secret{hidden.Public}, map[string]Secret{"a": hidden.Public}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%p"} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, key) || strings.Contains(strings.ToLower(s), "733363723374") {
				t.Errorf("%s of %T shows %q", verb, v, s)
			}
		}
		if b, err := json.Marshal(v); err != nil || bytes.Contains(b, []byte(key)) {
			t.Errorf("JSON of %T: %s, error %v", v, b, err)
		}
	}
	var s Secret
	if s.Reveal() != "" || s.String() != "" {
		t.Error("an empty secret shows something")
	}
	if err := s.UnmarshalText([]byte(key)); err != nil || s.Reveal() != key {
		t.Errorf("after UnmarshalText: %q, error %v", s.Reveal(), err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for _, c := range []struct {
		retryAfter, date string
		want             time.Duration
	}{
		{"", "", 0},
		{"0", "", 0},
		{"120", "", 2 * time.Minute},
		{" 1.0005 ", "", 1001 * time.Millisecond},
		{"NaN", "", 0},
		{"Inf", "", 24 * time.Hour},
		{"-1", "", 0},
		{"1e300", "", 24 * time.Hour},
		{at(time.Minute), "", time.Minute},
		{at(-time.Minute), "", 0},
		{at(time.Minute), at(50 * time.Second), 10 * time.Second},
		{at(time.Minute), "yesterday", time.Minute},
		{at(1000 * time.Hour), "", 24 * time.Hour},
		{now.Add(time.Minute).Format(time.RFC850), "", time.Minute},
	} {
		h := http.Header{"Retry-After": {c.retryAfter}, "Date": {c.date}}
		if got := RetryAfter(h, now); got != c.want {
			t.Errorf("RetryAfter(%q, Date %q) = %s, want %s", c.retryAfter, c.date, got, c.want)
		}
	}
}

func TestItems(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	wide := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("1,", n), ",") + "]" }
	for _, c := range []struct {
		name, body string
		items      int // -1: an error
	}{
		{"object", ` {"a":1} `, 1},
		{"list", `[{"a":1},{"b":2}]`, 2},
		{"empty list", `[]`, 0},
		{"16 levels", nested(16), 1},
		{"17 levels", nested(17), -1},
		{"2000 items", wide(2000), 2000},
		{"2001 items", wide(2001), -1},
		{"100 lists of 2000", "[" + strings.Repeat(wide(2000)+",", 99) + wide(2000) + "]", 100},
		{"126 lists of 2000", "[" + strings.Repeat(wide(2000)+",", 125) + wide(2000) + "]", -1},
		{"one key in two objects", `[{"a":1},{"a":2}]`, 2},
		{"a key twice", `{"a":1,"a":2}`, -1},
		{"a key twice, in capitals", `{"status":1,"STATUS":2}`, -1},
		{"a key twice, with a long s", `{"status":1,"ſtatus":2}`, -1},
		{"a key twice, once escaped", `{"status":1,"\u0073tatus":2}`, -1},
		{"a key and the same word as a value", `{"a":"b","b":"a","c":"\"a"}`, 1},
		{"brackets in a string", `{"a":"[[[[[[[[[[[[[[[[[[[[[[{,,,:\\"}`, 1},
		{"one key in an object and its neighbour", `[{"a":[{"b":1},{"b":2}],"b":3},{"b":1}]`, 2},
		{"a key twice, within", `{"a":{"b":1,"b":2}}`, -1},
		{"two values", `{}{}`, -1},
		{"cut", `{"a":`, -1},
		{"mismatch", `{"a":[}`, -1},
		{"a number for a key", `{1:2}`, -1},
		{"nothing", ` `, -1},
		{"words", `STOP`, -1},
	} {
		items, err := Items([]byte(c.body))
		if c.items < 0 && err == nil || c.items >= 0 && (err != nil || len(items) != c.items) {
			t.Errorf("%s: %d items, error %v; want %d", c.name, len(items), err, c.items)
		}
	}
}

func FuzzItems(f *testing.F) {
	f.Add([]byte(`[{"a":1,"b":[true,null,"x"]},{}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		items, err := Items(body)
		if err == nil && !json.Valid(body) {
			t.Errorf("%q is no JSON and passed", body)
		}
		for _, item := range items {
			if !json.Valid(item) {
				t.Errorf("item %q of %q is no JSON", item, body)
			}
		}
	})
}
