package simulator

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/seed-438792ba/cascade/campaign"
)

// ParseScenario reads a scenario from YAML. What it does not mention is as in
// DefaultScenario. The error names every mistake: unknown keys, values of another
// kind, shares and times that cannot be.
func ParseScenario(text []byte) (Scenario, error) {
	sc := DefaultScenario()
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return sc, fmt.Errorf("scenario: %w", err)
	}
	var errs []error
	for _, doc := range file.Docs {
		if doc.Body != nil {
			errs = append(errs, decodeAll(doc.Body, &sc)...)
		}
	}
	if err := sc.check(); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return sc, fmt.Errorf("scenario: %w", err)
	}
	return sc.withDefaults(), nil
}

// String is the scenario as YAML, as ParseScenario reads it.
func (sc Scenario) String() string {
	b, err := yaml.Marshal(sc)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// decodeAll decodes as often as there are mistakes: the decoder names one at a time,
// so each is taken out of the tree once it is named.
func decodeAll(body ast.Node, sc *Scenario) []error {
	var errs []error
	for {
		var words []error
		err := yaml.NodeToValue(body, sc, yaml.Strict(),
			yaml.CustomUnmarshaler(collect[campaign.Duration](&words)),
			yaml.CustomUnmarshaler(collect[campaign.Limit](&words)))
		if err == nil {
			return append(errs, words...)
		}
		errs = append(errs, err)
		var at yaml.Error
		if !errors.As(err, &at) || !prune(body, at.GetToken()) {
			return append(errs, words...)
		}
	}
}

// collect reads words as T does, and keeps the mistakes for later.
func collect[T any, P interface {
	*T
	UnmarshalText([]byte) error
}](into *[]error) func(*T, []byte) error {
	return func(v *T, b []byte) error {
		if err := P(v).UnmarshalText(bytes.Trim(b, " \n\"'")); err != nil {
			*into = append(*into, err)
		}
		return nil
	}
}

// prune takes the innermost member that holds the token out of the tree.
func prune(n ast.Node, bad *token.Token) bool {
	switch n := n.(type) {
	case *ast.MappingNode:
		for i, v := range n.Values {
			if prune(v.Value, bad) {
				return true
			}
			if holds(v.Key, bad) || holds(v.Value, bad) {
				n.Values = append(n.Values[:i], n.Values[i+1:]...)
				return true
			}
		}
	case *ast.SequenceNode:
		for _, v := range n.Values {
			if prune(v, bad) {
				return true
			}
		}
	}
	return false
}

func holds(n ast.Node, t *token.Token) bool {
	return t != nil && n.GetToken().Position.Offset == t.Position.Offset
}
