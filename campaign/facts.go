package campaign

import "slices"

// Facts are what was found in a file of recipients.
type Facts struct {
	Encoding  string    `json:"encoding"` // utf-8, utf-16le, utf-16be or windows-1252
	Delimiter Delimiter `json:"delimiter"`
	Header    []string  `json:"header"`
	Mapping   []Mapped  `json:"mapping"`
	Unused    []string  `json:"unused"` // headers of columns that the campaign has no use for
}

// Mapped is a name of the campaign and the header under which its values stand.
type Mapped struct {
	Name   string `json:"name"`
	Header string `json:"header"`
}

// Facts tells what was found so far: the encoding of a file that began in plain ASCII
// may still turn out to be Windows-1252.
func (r *Reader) Facts() Facts {
	m := r.mapping
	f := Facts{
		Encoding: string(r.rows.lines.charset), Delimiter: Delimiter(r.rows.comma), Header: m.header,
		Mapping: []Mapped{}, Unused: []string{},
	}
	used := map[int]bool{}
	add := func(name string, column int) {
		if column >= 0 {
			used[column] = true
			f.Mapping = append(f.Mapping, Mapped{name, m.header[column]})
		}
	}
	add(destinationName, m.to)
	add(scheduledName, m.due)
	add(keyName, m.key)
	for i, name := range m.names {
		add(name, m.from[i])
	}
	for i, h := range m.header {
		if !used[i] && h != "" {
			f.Unused = append(f.Unused, h)
		}
	}
	f.Header = slices.Clone(f.Header)
	return f
}
