package campaign

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a file: where it stands, and what was expected there.
type Problem struct {
	Path   string `json:"path,omitempty"`   // as in route[1].wait; "" when the file as a whole is meant
	Line   int    `json:"line,omitempty"`   // counted from 1; 0: no one line
	Column int    `json:"column,omitempty"` // counted from 1; 0: the line as a whole
	Text   string `json:"text"`
}

// FileError is a file that was refused, with everything that is wrong with it.
type FileError struct {
	Name     string
	Problems []Problem // in the order of the file, at least one
}

// Error has a line for each problem, as compilers print them.
func (e *FileError) Error() string {
	if len(e.Problems) == 1 {
		return e.line(e.Problems[0])
	}
	lines := []string{fmt.Sprintf("%s: %d mistakes", e.Name, len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+e.line(p))
	}
	return strings.Join(lines, "\n")
}

func (e *FileError) line(p Problem) string {
	var b strings.Builder
	b.WriteString(e.Name)
	for _, n := range []int{p.Line, p.Column} {
		if n > 0 {
			fmt.Fprintf(&b, ":%d", n)
		}
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// refuse is the error of a file with these problems.
func refuse(name string, problems ...Problem) *FileError {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &FileError{Name: name, Problems: problems}
}
