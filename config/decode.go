package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// nodeReader is a value that reads its part of the file itself.
type nodeReader interface {
	readNode(d *document, path string, n ast.Node)
}

func valueOf(pointer any) reflect.Value { return reflect.ValueOf(pointer).Elem() }

// into reads a node into a value. What is null is left as it was.
func (d *document) into(path string, n ast.Node, v reflect.Value) {
	if isNull(n) {
		return
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		d.into(path, n, v.Elem())
		return
	}
	if r, ok := v.Addr().Interface().(nodeReader); ok {
		r.readNode(d, path, n)
		return
	}
	switch {
	case isText(v):
		d.scalar(path, n, v)
	case v.Kind() == reflect.Struct:
		d.structs(path, n, v)
	case v.Kind() == reflect.Slice:
		d.list(path, n, v)
	default:
		d.scalar(path, n, v)
	}
}

// isText says whether the value is made of a text by its own method.
func isText(v reflect.Value) bool {
	_, ok := v.Addr().Interface().(encoding.TextUnmarshaler)
	return ok
}

// structs reads a mapping into structs that stand side by side: each key goes to
// every one that has a field for it, and is unknown if none has.
func (d *document) structs(path string, n ast.Node, vs ...reflect.Value) {
	var known []string
	fields := map[string][]reflect.Value{}
	for _, v := range vs {
		eachField(v, func(key string, value reflect.Value) {
			if fields[key] == nil {
				known = append(known, key)
			}
			fields[key] = append(fields[key], value)
		})
	}
	d.pairs(path, n, func(p pair) {
		if fields[p.key] == nil {
			d.note(p.path, p.at, "unknown key: want one of %s", strings.Join(known, ", "))
			return
		}
		d.together(p.path, p.value, fields[p.key])
	})
}

// eachField calls f with the fields that have a key, those of embedded structs too.
func eachField(v reflect.Value, f func(key string, value reflect.Value)) {
	for field, value := range v.Fields() {
		if key, _, _ := strings.Cut(field.Tag.Get("yaml"), ","); key != "" {
			f(key, value)
		} else if field.Anonymous && value.Kind() == reflect.Struct {
			eachField(value, f)
		}
	}
}

// together reads a node into several fields of the same key: into all of them at
// once if they are structs, so that each knows what the others take.
func (d *document) together(path string, n ast.Node, vs []reflect.Value) {
	if len(vs) > 1 && !isNull(n) && !slices.ContainsFunc(vs, func(v reflect.Value) bool { return !isStructPointer(v) }) {
		blocks := make([]reflect.Value, 0, len(vs))
		for _, v := range vs {
			v.Set(reflect.New(v.Type().Elem()))
			blocks = append(blocks, v.Elem())
		}
		d.structs(path, n, blocks...)
		return
	}
	for _, v := range vs {
		d.into(path, n, v)
	}
}

func isStructPointer(v reflect.Value) bool {
	return v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct
}

// list reads a list; a single value in the place of one is a list of one.
func (d *document) list(path string, n ast.Node, v reflect.Value) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		one := reflect.New(v.Type().Elem()).Elem()
		if !isScalar(n) || !isText(one) {
			d.wrong(path, "want a list")
			return
		}
		d.scalar(path, n, one)
		v.Set(reflect.Append(v, one))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list.Values), len(list.Values)))
	for i, value := range list.Values {
		d.into(item(path, i), value, v.Index(i))
	}
}

// scalar reads a single value as it was written: what its type makes of the text.
func (d *document) scalar(path string, n ast.Node, v reflect.Value) {
	text, ok := textOf(n)
	if !ok {
		d.wrong(path, "want a single value")
		return
	}
	if err := setText(v, text); err != nil {
		d.wrong(path, "%s", asWritten(err.Error(), text, n))
	}
}

func setText(v reflect.Value, text string) error {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text))
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return fmt.Errorf("%q: want true or false", text)
		}
		v.SetBool(text == "true")
	case reflect.Int:
		i, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q: want a whole number", text)
		}
		v.SetInt(int64(i))
	default:
		return fmt.Errorf("a field of type %s cannot be configured", v.Type())
	}
	return nil
}

// asWritten shows ${NAME} in an error and not the value that came from there, which
// may be a secret in the wrong place.
func asWritten(message, text string, n ast.Node) string {
	raw := n.GetToken().Value
	if raw == text || text == "" {
		return message
	}
	message = strings.ReplaceAll(message, strconv.Quote(text), strconv.Quote(raw))
	return strings.ReplaceAll(message, text, raw)
}

// pair is a key of a mapping and its value.
type pair struct {
	key   string
	path  string
	at    place // of the key
	value ast.Node
}

// isMapping says whether a node is a mapping or nothing, and notes it if not.
func (d *document) isMapping(path string, n ast.Node) bool {
	if _, ok := n.(*ast.MappingNode); ok || isNull(n) {
		return true
	}
	d.wrong(path, "want a mapping, as in key: value")
	return false
}

// pairs calls f with each pair of a mapping.
func (d *document) pairs(path string, n ast.Node, f func(pair)) {
	mapping, ok := n.(*ast.MappingNode)
	if !ok {
		d.isMapping(path, n)
		return
	}
	seen := map[string]bool{}
	for _, v := range mapping.Values {
		p := pair{key: keyOf(v), path: join(path, keyOf(v)), at: placeOf(v.Key), value: v.Value}
		if seen[p.key] {
			d.note(p.path, p.at, "the key is there twice: want it once")
			continue
		}
		seen[p.key] = true
		f(p)
	}
}

// valueAt is the value of a key; nil if there is none.
func valueAt(n ast.Node, key string) ast.Node {
	if mapping, ok := n.(*ast.MappingNode); ok {
		for _, pair := range mapping.Values {
			if keyOf(pair) == key {
				return pair.Value
			}
		}
	}
	return nil
}

func keyOf(pair *ast.MappingValueNode) string { return pair.Key.GetToken().Value }

func isNull(n ast.Node) bool { return n == nil || n.Type() == ast.NullType }

func isScalar(n ast.Node) bool {
	_, ok := textOf(n)
	return ok
}

func textOf(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// join makes the path of a key below another path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
