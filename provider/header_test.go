package provider

import "testing"

func TestHeaderFile(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][2]string{
		"https://example.com/a.JPG?size=1.pdf": {"a.JPG", "image"},
		"https://example.com/p/a%20b.pdf#2":    {"a%20b.pdf", "document"},
		"https://example.com/a b.mp4":          {"a b.mp4", "video"},
		"https://example.com/{citta}.png":      {"{citta}.png", "image"},
		"https://example.com/a.gif":            {"a.gif", ""},
		"https://example.com/?a.jpg":           {"example.com", ""},
		"https://example.com.pdf":              {"example.com.pdf", ""},
		":/\x00.jpg":                           {"", ""},
		"":                                     {".", ""},
	} {
		if name, kind := HeaderFile(address); name != want[0] || kind != want[1] {
			t.Errorf("%q: %q, %q; want %q", address, name, kind, want)
		}
	}
}
