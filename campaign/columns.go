package campaign

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The names of the columns that are not placeholders.
const (
	destinationName = "destination"
	scheduledName   = "scheduledDate"
	keyName         = "key"
)

// mapping says which column of a file holds what; -1 is none.
type mapping struct {
	header       []string
	to, due, key int
	names        []string // of the variables; those that the route needs come first
	from         []int    // the column of each
	needed       int      // how many of them must not be empty
	problems     []string
}

// VariableNames are the names of the values that are kept of each row of a file with
// this header, in a fixed order: first what the route's placeholders need, then, where
// a template takes every column, the rest of the columns.
func (c Campaign) VariableNames(header []string) []string { return c.mapHeader(header).names }

// mapHeader finds the campaign's names in a header. All that is wrong is in problems.
func (c Campaign) mapHeader(header []string) mapping {
	m := mapping{header: header}
	m.refuseTwins()
	m.findAll(c)
	if slices.ContainsFunc(c.Route.Links(), func(l Leg) bool { return l.Content.Template.takesEveryColumn() }) {
		m.keepTheRest(c.Recipients)
	}
	return m
}

// findAll places every name that the campaign uses, and collects those that the file lacks.
func (m *mapping) findAll(c Campaign) {
	var missing []string
	find := func(name, shown string, needed bool) int {
		header, named := c.Recipients.header(name)
		i := m.index(header)
		if i < 0 && (named || needed) {
			if named {
				shown += fmt.Sprintf(" (column %q)", header)
			}
			missing = append(missing, shown)
		}
		return i
	}
	m.to = find(destinationName, destinationName, true)
	m.due = find(scheduledName, scheduledName, false)
	m.key = -1 // a column that happens to be called key must not allow a second message
	if c.Keyed() {
		m.key = find(keyName, keyName, true)
	}
	for _, name := range c.Route.Placeholders() {
		if i := find(name, "{"+name+"}", true); i >= 0 {
			m.names, m.from = append(m.names, name), append(m.from, i)
		}
	}
	m.needed = len(m.names)
	for _, name := range c.Recipients.others(c.Route.Placeholders()) {
		find(name, name, false)
	}
	if len(missing) > 0 {
		m.problems = append(m.problems, fmt.Sprintf("no column for %s: %s", strings.Join(missing, ", "), seen(m.header)))
	}
}

// entry is what a row's fields say.
func (m *mapping) entry(fields []string) (e entry) {
	m.fill(&e, fields)
	return e
}

// fill does the same without a new list.
func (m *mapping) fill(e *entry, fields []string) {
	cell := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(fields[i])
	}
	e.to, e.due, e.key, e.values = cell(m.to), cell(m.due), cell(m.key), e.values[:0]
	for _, i := range m.from {
		e.values = append(e.values, cell(i))
	}
}

// index is the column of a header, in whatever spelling; -1 if there is none.
func (m *mapping) index(header string) int {
	folded := fold(header)
	return slices.IndexFunc(m.header, func(h string) bool { return fold(h) == folded })
}

// refuseTwins finds headers that are the same name.
func (m *mapping) refuseTwins() {
	first := map[string]int{}
	for i, h := range m.header {
		f := fold(h)
		if j, twin := first[f]; twin && f != "" {
			m.problems = append(m.problems, fmt.Sprintf("columns %d and %d, %s and %s, are the same name: rename one", j+1, i+1, show(m.header[j]), show(h)))
			continue
		}
		first[f] = i
	}
}

// keepTheRest makes a variable of every column that has no other use.
func (m *mapping) keepTheRest(c Columns) {
	taken := map[string]int{}
	for _, name := range m.names {
		taken[fold(name)] = -1
	}
	for i, h := range m.header {
		if i == m.to || i == m.due || i == m.key || slices.Contains(m.from, i) {
			continue
		}
		name, folded := c.nameOf(h), ""
		if folded = fold(name); folded == "" {
			continue
		}
		j, known := taken[folded]
		if known && j >= 0 && fold(m.header[j]) != fold(h) {
			m.problems = append(m.problems, fmt.Sprintf("columns %d and %d, %s and %s, make the same variable %s: rename one", j+1, i+1, show(m.header[j]), show(h), name))
		}
		if known {
			continue
		}
		taken[folded] = i
		m.names, m.from = append(m.names, name), append(m.from, i)
	}
}

// header is the header under which a name is looked for, and whether the campaign
// names it.
func (c Columns) header(name string) (header string, named bool) {
	folded := fold(name)
	for ours, header := range c.Names {
		if fold(ours) == folded {
			return header, true
		}
	}
	return name, false
}

// nameOf is the variable that a column makes: as the campaign calls it, or else the
// header in camel case.
func (c Columns) nameOf(header string) string {
	for _, ours := range slices.Sorted(maps.Keys(c.Names)) {
		if fold(c.Names[ours]) == fold(header) {
			return ours
		}
	}
	return camelCase(header)
}

// others are the names of Columns that have no use of their own, sorted.
func (c Columns) others(used []string) []string {
	var names []string
	used = append([]string{destinationName, scheduledName, keyName}, used...)
	for name := range c.Names {
		if !slices.ContainsFunc(used, func(u string) bool { return fold(u) == fold(name) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// seen shows a header to the one who must mend it, unless it is a person's row.
func seen(header []string) string {
	const enough = 30
	if slices.ContainsFunc(header, isNumber) {
		return fmt.Sprintf("the first row has %d fields and looks like a person's: want a header above it", len(header))
	}
	var names []string
	for _, h := range header[:min(len(header), enough)] {
		names = append(names, show(h))
	}
	if len(header) > enough {
		names = append(names, fmt.Sprintf("and %d more", len(header)-enough))
	}
	return "the file has " + strings.Join(names, ", ")
}

// show quotes a header, shortened; a number that stands in its place is masked.
func show(header string) string {
	const longest = 40
	if isNumber(header) {
		return Destination(header).Masked()
	}
	if r := []rune(header); len(r) > longest {
		header = string(r[:longest]) + "…"
	}
	return strconv.Quote(header)
}

func isNumber(header string) bool {
	digits, err := dial(header)
	return err == nil && len(digits) > 6
}

// Keyed says whether the campaign allows several messages to one person, which their
// keys tell apart.
func (c Campaign) Keyed() bool {
	_, named := c.Recipients.header(keyName)
	return named || c.Standing
}
