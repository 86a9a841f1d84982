package campaign

import "fmt"

// node is a value of a YAML or JSON file with its place. A scalar is kept as it was
// written, so that 09:00, NO and 1.10 mean what their writer sees.
type node struct {
	kind         nodeKind
	text         string  // of a scalar
	items        []node  // of a list
	fields       []field // of an object, in the order of the file
	line, column int     // counted from 1
}

// field is one key of an object, with the key's place.
type field struct {
	key          string
	value        node
	line, column int
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	objectNode
)

func (k nodeKind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a mapping"}[k]
}

// leaves calls f for every scalar below n, with its path, in the order of the file. An
// empty list is a leaf as well: it is not the same as none.
func (n node) leaves(path string, f func(path, text string)) {
	switch n.kind {
	case scalarNode:
		f(path, n.text)
	case listNode:
		if len(n.items) == 0 {
			f(path, "[]")
		}
		for i, item := range n.items {
			item.leaves(fmt.Sprintf("%s[%d]", path, i), f)
		}
	case objectNode:
		for _, x := range n.fields {
			x.value.leaves(join(path, x.key), f)
		}
	}
}

// join makes the path of a key below another path.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
