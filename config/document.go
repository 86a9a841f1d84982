package config

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/seed-438792ba/cascade/campaign"
)

// document is a YAML file on its way into structs. A mistake is noted with its place,
// and reading goes on, so that all of them are told at once. A decoder that stops at
// the first one would cost its user a round for each.
type document struct {
	env      Env
	places   map[string]place // of what the file has, by path, as in accounts.qlara.limits[0]
	problems []campaign.Problem
}

// place is a line and a column, counted from 1.
type place struct{ line, column int }

func placeOf(n ast.Node) place {
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key // and not its colon
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{1, 1}
}

// read reads the text into the struct that v points to.
func (d *document) read(data []byte, v any) {
	f, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.problems = append(d.problems, syntaxProblem(err))
		return
	}
	if len(f.Docs) == 0 || f.Docs[0].Body == nil {
		return
	}
	if len(f.Docs) > 1 {
		d.note("", place{1, 1}, "there are %d documents in the file: want one", len(f.Docs))
	}
	root := f.Docs[0].Body
	d.survey("", root, place{1, 1})
	d.into("", root, valueOf(v))
}

func syntaxProblem(err error) campaign.Problem {
	p := campaign.Problem{Line: 1, Column: 1, Text: "this is no YAML: " + err.Error()}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		p.Text = "this is no YAML: " + syntax.Message
		if t := syntax.Token; t != nil && t.Position != nil {
			p.Line, p.Column = t.Position.Line, t.Position.Column
		}
	}
	return p
}

// survey notes where everything stands, puts in the values of the environment, and
// refuses what YAML has beyond plain values, lists and mappings.
func (d *document) survey(path string, n ast.Node, at place) {
	d.places[path] = at
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			below, at := join(path, keyOf(pair)), placeOf(pair.Key)
			if isScalar(pair.Value) {
				at = placeOf(pair.Value)
			}
			d.survey(below, pair.Value, at)
		}
	case *ast.SequenceNode:
		for i, v := range n.Values {
			d.survey(item(path, i), v, placeOf(v))
		}
	case *ast.StringNode:
		n.Value = d.expand(path, n.Value)
	case *ast.LiteralNode:
		n.Value.Value = d.expand(path, n.Value.Value)
	default:
		if !isScalar(n) && !isNull(n) {
			d.wrong(path, "want a plain value, a list or a mapping: anchors, aliases and tags are not read")
		}
	}
}

// wrong notes a mistake at a path, or the nearest place above it that the file has.
func (d *document) wrong(path, format string, args ...any) {
	above := path
	at, found := d.places[above]
	for !found && above != "" {
		above = above[:max(0, strings.LastIndexAny(above, ".["))]
		at, found = d.places[above]
	}
	d.note(path, at, format, args...)
}

// note notes a mistake. Of several at one path the first is told: the others usually
// follow from it.
func (d *document) note(path string, at place, format string, args ...any) {
	if d.has(path) {
		return
	}
	d.problems = append(d.problems, campaign.Problem{
		Path: path, Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...),
	})
}

// has says whether a mistake was noted at this path.
func (d *document) has(path string) bool {
	return slices.ContainsFunc(d.problems, func(p campaign.Problem) bool { return p.Path == path })
}

// err is a *campaign.FileError with what was noted; nil if nothing was.
func (d *document) err(name string) error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b campaign.Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return &campaign.FileError{Name: name, Problems: d.problems}
}

// override reads a variable of the environment in place of a key of the file.
func (d *document) override(variable string, v encoding.TextUnmarshaler) {
	text, there := d.env(variable)
	if !there || text == "" {
		return
	}
	if err := v.UnmarshalText([]byte(text)); err != nil {
		d.note(variable, place{}, "%v (this is a variable of the environment, not of the file)", err)
	}
}

// reference is a variable of the environment, a dollar sign that is meant, or a
// reference that is not one.
var reference = regexp.MustCompile(`\$(\$|\{([A-Za-z_][A-Za-z0-9_]*\})?)`)

// expand puts the values of the environment in for ${NAME}. "$$" is a dollar sign, as
// is one before anything but a brace.
func (d *document) expand(path, text string) string {
	var missing []string
	text = reference.ReplaceAllStringFunc(text, func(found string) string {
		switch found {
		case "$$":
			return "$"
		case "${":
			d.wrong(path, "want ${NAME} for a variable of the environment, or $$ for a dollar sign")
			return ""
		}
		value, there := d.env(found[2 : len(found)-1])
		if !there {
			missing = append(missing, found)
		}
		return value
	})
	if len(missing) > 0 {
		d.wrong(path, "the environment lacks %s: set it, or write $$ for a dollar sign", strings.Join(missing, ", "))
	}
	return text
}
