package campaign

import "fmt"

// Diff says field by field how b differs from a, in the words of their files:
// `route[1].wait: was "15m", is "20m"`. It is empty when both mean the same.
func Diff(a, b Campaign) []string {
	paths, was := a.leaves()
	more, is := b.leaves()
	for _, path := range more {
		if _, known := was[path]; !known {
			paths = append(paths, path)
		}
	}
	var lines []string
	for _, path := range paths {
		before, had := was[path]
		after, has := is[path]
		if had != has || before != after {
			lines = append(lines, fmt.Sprintf("%s: was %s, is %s", path, quoted(before, had), quoted(after, has)))
		}
	}
	return lines
}

func quoted(text string, there bool) string {
	if !there {
		return "absent"
	}
	return fmt.Sprintf("%q", text)
}

// leaves are the values of the canonical form by their paths, with the paths in order.
func (c Campaign) leaves() ([]string, map[string]string) {
	root, err := parseJSON(c.Canonical())
	if err != nil {
		panic(fmt.Sprintf("campaign: its canonical form is JSON: %v", err))
	}
	var paths []string
	values := map[string]string{}
	root.leaves("", func(path, text string) {
		paths = append(paths, path)
		values[path] = text
	})
	return paths, values
}
