package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider/simulator"
)

// knowProviders are where a provider may be named: its own folder, the simulator, the
// list of them, and the demo and the measurements, which are accounts' configurations.
var knowProviders = []string{"bench/", "provider/simulator/", "config/providers.go", "cmd/cascade/demo.go"}

// TestNobodyElseNamesAProvider reads the words of the shipped code, comments apart: a new
// provider is a folder, a line in the list, and a dialect of the simulator.
func TestNobodyElseNamesAProvider(t *testing.T) {
	t.Parallel()
	var names, titles []string
	allowed := knowProviders
	for _, p := range simulator.Providers() {
		names, titles = append(names, p.Name), append(titles, strings.ToUpper(p.Name[:1])+p.Name[1:])
		allowed = append(allowed, "provider/"+p.Name+"/")
	}
	// As a word, or as a part of one in camel case: "renewable" names nobody.
	named := regexp.MustCompile(`(?i:(^|[^a-z])(` + strings.Join(names, "|") + `))|[a-z](` + strings.Join(titles, "|") + `)`)
	files := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		name := filepath.ToSlash(strings.TrimPrefix(path, "../../"))
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		for _, prefix := range allowed {
			if strings.HasPrefix(name, prefix) {
				return nil
			}
		}
		files++
		return words(path, func(word string, at token.Position) {
			if found := named.FindString(word); found != "" {
				t.Errorf("%s:%d names %s", name, at.Line, found)
			}
		})
	})
	if err != nil || files < 100 {
		t.Errorf("%d files were read, error %v", files, err)
	}
}

// words calls f with a file's names and literals.
func words(path string, f func(word string, at token.Position)) error {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			f(n.Name, set.Position(n.Pos()))
		case *ast.BasicLit:
			f(n.Value, set.Position(n.Pos()))
		}
		return true
	})
	return nil
}
