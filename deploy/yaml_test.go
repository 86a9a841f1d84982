package deploy

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/goccy/go-yaml"
)

// object is a mapping of a YAML file.
type object = map[string]any

// documents are those of a YAML file. A key that stands twice is an error.
func documents(t *testing.T, path string) (all []object) {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(text(t, path)))
	for {
		var one object
		err := decoder.Decode(&one)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if len(one) > 0 {
			all = append(all, one)
		}
	}
}

func text(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// at follows keys down into a mapping, and gives nil where there is nothing.
func at(v any, keys ...string) any {
	for _, key := range keys {
		v = asObject(v)[key]
	}
	return v
}

func asObject(v any) object {
	o, _ := v.(object)
	return o
}

func asList(v any) []any {
	list, _ := v.([]any)
	return list
}

// words are a list's values as text.
func words(v any) (list []string) {
	for _, one := range asList(v) {
		word, _ := one.(string)
		list = append(list, word)
	}
	return list
}

func word(v any) string {
	s, _ := v.(string)
	return s
}
