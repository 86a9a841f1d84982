package campaign

import (
	"errors"
	"fmt"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The parser's time and memory grow with the square of the tokens: half a megabyte of
// brackets would take all that there is. No campaign comes near to these bounds; its JSON
// has neither.
const (
	mostYAML   = 128 << 10 // bytes
	mostTokens = 5000      // names, values and signs
)

// parseYAML reads one YAML document. Anchors, aliases, tags and merge keys are
// refused: a campaign's file should read the same to a person and to a machine.
func parseYAML(data []byte) (node, *Problem) {
	if len(data) > mostYAML {
		return node{}, &Problem{Text: fmt.Sprintf("%d bytes that are no JSON: want at most %d of YAML", len(data), mostYAML)}
	}
	tokens := lexer.Tokenize(string(data))
	if len(tokens) > mostTokens {
		line, column := place(tokens[mostTokens])
		return node{}, &Problem{Line: line, Column: column, Text: fmt.Sprintf("more than %d names, values and signs: want a campaign's file, as YAML or JSON", mostTokens)}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return node{}, yamlProblem(err)
	}
	if len(file.Docs) > 1 {
		return node{}, problemAt(file.Docs[1].Body, "a second document: want one campaign in a file")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return node{line: 1, column: 1}, nil
	}
	return yamlNode(file.Docs[0].Body)
}

func yamlNode(n ast.Node) (node, *Problem) {
	switch n := n.(type) {
	case *ast.MappingNode:
		return yamlObject(n)
	case *ast.SequenceNode:
		return yamlList(n)
	case *ast.NullNode:
		return at(n, node{}), nil
	case *ast.StringNode:
		return at(n, node{kind: scalarNode, text: n.Value}), nil
	case *ast.LiteralNode:
		return at(n, node{kind: scalarNode, text: n.Value.Value}), nil
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return at(n, node{kind: scalarNode, text: n.GetToken().Value}), nil
	default:
		return node{}, problemAt(n, "want a plain value, a list or a mapping: anchors, aliases and tags are not read")
	}
}

func yamlObject(n *ast.MappingNode) (node, *Problem) {
	object := at(n, node{kind: objectNode})
	for i, pair := range n.Values {
		key, bad := yamlNode(pair.Key)
		if bad == nil && key.kind != scalarNode {
			bad = problemAt(pair.Key, "want a name as key")
		}
		if bad != nil {
			return node{}, bad
		}
		value, bad := yamlNode(pair.Value)
		if bad != nil {
			return node{}, bad
		}
		if i == 0 && !n.IsFlowStyle {
			object.line, object.column = key.line, key.column
		}
		object.fields = append(object.fields, field{key.text, value, key.line, key.column})
	}
	return object, nil
}

func yamlList(n *ast.SequenceNode) (node, *Problem) {
	list := at(n, node{kind: listNode})
	for _, v := range n.Values {
		item, bad := yamlNode(v)
		if bad != nil {
			return node{}, bad
		}
		list.items = append(list.items, item)
	}
	return list, nil
}

// at gives n the place of the token that made it.
func at(from ast.Node, n node) node {
	n.line, n.column = place(from.GetToken())
	return n
}

func place(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return t.Position.Line, t.Position.Column
}

func problemAt(n ast.Node, text string) *Problem {
	p := Problem{Line: 1, Column: 1, Text: text}
	if n != nil {
		p.Line, p.Column = place(n.GetToken())
	}
	return &p
}

func yamlProblem(err error) *Problem {
	p := &Problem{Line: 1, Column: 1, Text: "not readable as YAML or JSON: " + err.Error()}
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		p.Line, p.Column = place(syntax.Token)
		p.Text = "not readable as YAML or JSON: " + syntax.Message
	}
	return p
}
