package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var link = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)

// heading is a heading's name in a link, as the pages are shown where the code is kept.
func heading(line string) string {
	name := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
	name = regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(name, "")
	return strings.ReplaceAll(name, " ", "-")
}

func headings(t *testing.T, page string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for line := range strings.Lines(string(text(t, page))) {
		if strings.HasPrefix(line, "#") {
			names[heading(line)] = true
		}
	}
	return names
}

func TestEveryLinkOfThePagesLeadsSomewhere(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "../README.md") {
		for _, found := range link.FindAllStringSubmatch(string(text(t, page)), -1) {
			path, part := found[1], found[2]
			if strings.Contains(path, ":") {
				continue
			}
			target := page
			if path != "" {
				target = filepath.Join(filepath.Dir(page), path)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s: %v", page, path, err)
			} else if part != "" && strings.HasSuffix(target, ".md") && !headings(t, target)[part] {
				t.Errorf("%s links to %s#%s, which has no such heading", page, path, part)
			}
		}
	}
}
