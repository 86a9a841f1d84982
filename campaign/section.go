package campaign

import (
	"fmt"
	"slices"
	"strings"
)

// section reads one mapping of a campaign's file, key by key. What is wrong is noted
// with its place, and reading goes on, so that all mistakes are told at once.
type section struct {
	path  string
	node  node
	notes *notes
	asked []string // the keys that the mapping may have
}

// notes are the mistakes found in a file so far, and the places of what was read.
type notes struct {
	problems []Problem
	places   map[string]node
	kept     bool // it was taken before
}

// wrong notes a mistake at a path, or at the nearest place above it that the file has.
func (n *notes) wrong(path, format string, args ...any) {
	at := path
	spot, found := n.places[at]
	for !found && at != "" {
		at = at[:max(0, strings.LastIndexAny(at, ".["))]
		spot, found = n.places[at]
	}
	n.problems = append(n.problems, Problem{path, spot.line, spot.column, fmt.Sprintf(format, args...)})
}

// has says whether a mistake was noted at this path already.
func (n *notes) has(path string) bool {
	for _, p := range n.problems {
		if p.Path == path {
			return true
		}
	}
	return false
}

// wrong notes a mistake at one of the section's keys; "" is the section itself.
func (s *section) wrong(key, format string, args ...any) {
	path := s.path
	if key != "" {
		path = join(s.path, key)
	}
	s.notes.wrong(path, format, args...)
}

// has says whether the key is there and not null.
func (s *section) has(key string) bool {
	_, there := s.value(key)
	return there
}

func (s *section) value(key string) (node, bool) {
	for _, f := range s.node.fields {
		if f.key == key && f.value.kind != nullNode {
			s.notes.places[join(s.path, key)] = f.value
			return f.value, true
		}
	}
	return node{}, false
}

// get is the value of a key that the section may have. Another kind than the wanted
// is noted, and counts as absent.
func (s *section) get(key string, want nodeKind) (node, bool) {
	if !slices.Contains(s.asked, key) {
		s.asked = append(s.asked, key)
	}
	v, there := s.value(key)
	if there && v.kind != want {
		s.wrong(key, "want %s, not %s", want, v.kind)
		return node{}, false
	}
	return v, there
}

// read is a single value in the form that parse understands, or the fallback.
func read[T any](s *section, key string, fallback T, parse func(string) (T, error)) T {
	v, there := s.get(key, scalarNode)
	if !there {
		return fallback
	}
	parsed, err := parse(v.text)
	if err != nil {
		s.wrong(key, "%s", err)
		return fallback
	}
	return parsed
}

// text is a single value as it was written.
func (s *section) text(key string) string {
	v, _ := s.get(key, scalarNode)
	return v.text
}

// need is text that must be there.
func (s *section) need(key, want string) string {
	text := s.text(key)
	if strings.TrimSpace(text) == "" && !s.notes.has(join(s.path, key)) {
		s.wrong(key, "missing: want %s", want)
	}
	return text
}

// list calls f with the path of each item of a list, and says whether it is there.
func (s *section) list(key string, f func(path string, item node)) bool {
	v, there := s.get(key, listNode)
	for i, item := range v.items {
		path := fmt.Sprintf("%s[%d]", join(s.path, key), i)
		s.notes.places[path] = item
		f(path, item)
	}
	return there
}

// texts is a list of single values; nil when it is absent, and not nil when it is empty.
func (s *section) texts(key string) []string {
	texts := []string{}
	there := s.list(key, func(path string, item node) {
		if item.kind != scalarNode {
			s.notes.wrong(path, "want %s, not %s", scalarNode, item.kind)
		}
		texts = append(texts, item.text)
	})
	if !there {
		return nil
	}
	return texts
}

// below reads the mapping at a key, if it is there.
func (s *section) below(key string, f func(*section)) {
	if v, there := s.get(key, objectNode); there {
		s.notes.section(join(s.path, key), v, f)
	}
}

// each reads a list of mappings.
func (s *section) each(key string, f func(*section)) {
	s.list(key, func(path string, item node) {
		s.notes.section(path, item, f)
	})
}

// section has f read a mapping, then notes the keys that f never asked for.
func (n *notes) section(path string, v node, f func(*section)) {
	n.places[path] = v
	if v.kind != objectNode {
		n.wrong(path, "want %s, not %s", objectNode, v.kind)
		return
	}
	s := section{path: path, node: v, notes: n}
	f(&s)
	seen := map[string]bool{}
	for _, x := range v.fields {
		p := Problem{Path: join(path, x.key), Line: x.line, Column: x.column}
		switch known := slices.Contains(s.asked, x.key); {
		case !known:
			p.Text = "unknown key: want one of " + strings.Join(s.asked, ", ")
		case seen[x.key]:
			p.Text = "the key is there twice: want it once"
		default:
			seen[x.key] = true
			continue
		}
		n.problems = append(n.problems, p)
	}
}
