package campaign

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMissingVariable is a placeholder for which there is no value. Nothing with a
// {name} left in it is ever sent.
var ErrMissingVariable = errors.New("placeholder without a value")

// pattern is a text with {placeholders}: every second piece, from the second on, is
// a name. A brace that is meant is written twice.
type pattern []string

// parsePattern reads a text. Errors say which brace is at fault, not the text.
func parsePattern(text string) (pattern, error) {
	p := pattern{""}
	for {
		i := strings.IndexAny(text, "{}")
		if i < 0 {
			p[len(p)-1] += text
			return p, nil
		}
		p[len(p)-1] += text[:i]
		brace, rest := text[i], text[i+1:]
		switch {
		case strings.HasPrefix(rest, text[i:i+1]):
			p[len(p)-1] += text[i : i+1]
			text = rest[1:]
		case brace == '}':
			return nil, errors.New("a } without its {: want {name}, or }} for the brace itself")
		default:
			name, after, closed := strings.Cut(rest, "}")
			if !closed || strings.Contains(name, "{") {
				return nil, errors.New("a { without its }: want {name}, or {{ for the brace itself")
			}
			if fold(name) == "" {
				return nil, errors.New("a placeholder without a name: want {name}, or {{ for the brace itself")
			}
			p = append(p, strings.TrimSpace(name), "")
			text = after
		}
	}
}

// names are the placeholders as they are written, in order, with repetitions.
func (p pattern) names() []string {
	var names []string
	for i := 1; i < len(p); i += 2 {
		names = append(names, p[i])
	}
	return names
}

// fill puts the values in. What a value holds is text, never a placeholder again.
func (p pattern) fill(vars Variables) (string, error) {
	if len(p) == 1 {
		return p[0], nil
	}
	var b strings.Builder
	for i, piece := range p {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		value, found := vars.get(piece)
		if !found {
			return "", fmt.Errorf("%w: {%s}", ErrMissingVariable, piece)
		}
		b.WriteString(value)
	}
	return b.String(), nil
}

// get is the value of a name, in whatever spelling.
func (v Variables) get(name string) (string, bool) {
	if value, found := v[name]; found {
		return value, true
	}
	folded := fold(name)
	for other, value := range v {
		if fold(other) == folded {
			return value, true
		}
	}
	return "", false
}
