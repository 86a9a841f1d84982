package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// parseJSON reads one JSON value. The data must be valid.
func parseJSON(data []byte) (node, error) {
	r := jsonReader{data: data, tokens: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.tokens.UseNumber()
	return r.value()
}

// jsonReader makes nodes of the decoder's tokens, for the decoder itself tells no
// places and keeps no order.
type jsonReader struct {
	data   []byte
	tokens *json.Decoder
	seen   int // how far lines are counted
	line   int
	bol    int // where the present line begins
}

func (r *jsonReader) value() (node, error) {
	n := r.here()
	t, err := r.tokens.Token()
	if err != nil {
		return node{}, fmt.Errorf("read JSON: %w", err)
	}
	switch t := t.(type) {
	case nil:
		return n, nil
	case json.Delim:
		if t == '{' {
			return r.object(n)
		}
		return r.list(n)
	default:
		n.kind, n.text = scalarNode, fmt.Sprint(t)
		return n, nil
	}
}

func (r *jsonReader) object(n node) (node, error) {
	n.kind = objectNode
	for r.tokens.More() {
		key, err := r.value()
		if err != nil {
			return node{}, err
		}
		value, err := r.value()
		if err != nil {
			return node{}, err
		}
		n.fields = append(n.fields, field{key.text, value, key.line, key.column})
	}
	return n, r.closing()
}

func (r *jsonReader) list(n node) (node, error) {
	n.kind = listNode
	for r.tokens.More() {
		item, err := r.value()
		if err != nil {
			return node{}, err
		}
		n.items = append(n.items, item)
	}
	return n, r.closing()
}

func (r *jsonReader) closing() error {
	_, err := r.tokens.Token()
	return err
}

// here is an empty node at the place of the next token.
func (r *jsonReader) here() node {
	next := int(r.tokens.InputOffset())
	for next < len(r.data) && strings.IndexByte(" \t\r\n:,", r.data[next]) >= 0 {
		next++
	}
	for ; r.seen < next; r.seen++ {
		if r.data[r.seen] == '\n' {
			r.line++
			r.bol = r.seen + 1
		}
	}
	return node{line: r.line, column: next - r.bol + 1}
}
