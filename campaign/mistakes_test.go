package campaign

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the package says now into testdata")

// golden compares text with a file of testdata, or writes it there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is now:\n%s\nwant:\n%s", name, got, want)
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/mistakes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = ParseFile("mistakes.yaml", data, nil)
	if err == nil {
		t.Fatal("no error")
	}
	golden(t, "mistakes.txt", err.Error()+"\n")
}

func TestUnreadableFiles(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ file, want string }{
		{"", "c.yaml:1:1: want a mapping, not nothing"},
		{"hello", "c.yaml:1:1: want a mapping, not a single value"},
		{"[1]", "c.yaml:1:1: want a mapping, not a list"},
		{"a: [1,", "c.yaml:1:4: not readable as YAML or JSON: sequence end token ']' not found"},
		{"campaign: x", "c.yaml:1:1: route: 0 legs: want 1 to 15"},
		{"campaign: a\n---\ncampaign: b", "c.yaml:3:9: a second document: want one campaign in a file"},
		{"a: &x 1\nb: *x", "c.yaml:1:4: want a plain value, a list or a mapping: anchors, aliases and tags are not read"},
		{"campaign: \xff", "c.yaml:1: not UTF-8: save the file as UTF-8"},
		{strings.Repeat("x", MaxFileSize+1), "c.yaml: 1048577 bytes: want a campaign of at most 1048576"},
		{
			"{\"campaign\": \"x\",\n\t\"route\": [{\"channel\": \"sms\", \"account\": \"a\", \"text\": \"\\ud83d\\ude00 {\"}]}",
			"c.yaml:2:55: route[0].text: a { without its }: want {name}, or {{ for the brace itself",
		},
		{
			"campaign: " + strings.Repeat("è", 256) + "\nroute: [{channel: sms, account: a, text: b}]",
			"c.yaml:1:11: campaign: want an id of 1 to 255 characters, as in spring-sale, without control characters",
		},
		{
			"campaign: .\nroute: [{channel: sms, account: a, text: b}]",
			"c.yaml:1:11: campaign: .: an address of the API would lead elsewhere: want another id, as spring-sale",
		},
		{
			"campaign: \"..\"\nroute: [{channel: sms, account: a, text: b}]",
			"c.yaml:1:11: campaign: ..: an address of the API would lead elsewhere: want another id, as spring-sale",
		},
		{
			"campaign: x\nroute: [" + strings.Repeat("{channel: sms, account: a, text: b},", 16) + "]",
			"c.yaml: 16 mistakes",
		},
	} {
		_, err := ParseFile("c.yaml", []byte(x.file), nil)
		if err == nil {
			t.Errorf("%.60q: no error, want %s", x.file, x.want)
			continue
		}
		if first, _, _ := strings.Cut(err.Error(), "\n"); first != x.want {
			t.Errorf("%.60q:\n got %s\nwant %s", x.file, first, x.want)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	for _, name := range []string{"spring-sale.yaml", "every-kind.yaml", "mistakes.yaml"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"campaign":"x","route":[{"channel":"sms","account":"a","text":"{{}}"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ParseFile("c", data, nil)
		if err != nil {
			return
		}
		back, err := ParseFile("c", c.Canonical(), nil)
		if err != nil || back.Digest() != c.Digest() {
			t.Errorf("%q has the canonical form %s, which reads as %+v, %v", data, c.Canonical(), back, err)
		}
	})
}

func TestWhatWasTakenBeforeStaysReadable(t *testing.T) {
	t.Parallel()
	c, err := ParseKept("register", []byte(`{"campaign": "..", "route": [{"channel": "sms", "account": "a", "text": "b"}]}`))
	if err != nil || c.ID != ".." {
		t.Errorf("got the id %q, %v", c.ID, err)
	}
	if _, err := ParseKept("register", []byte(`{"campaign": "x"}`)); err == nil {
		t.Error("a campaign without a route was read")
	}
}
