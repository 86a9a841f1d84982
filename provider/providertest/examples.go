package providertest

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Example is a file of the adapter's testdata, named without its ending.
func Example(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// example takes an exchange that is not JSON on the wire out of its envelope: its fields
// as an object, and which part of a request they are, form or query. Any other example
// is what it is, and part of none.
func example(t testing.TB, name string) (body []byte, part string) {
	t.Helper()
	body = Example(t, name)
	var envelope map[string]json.RawMessage
	if json.Unmarshal(body, &envelope) != nil || envelope["_encoding"] == nil {
		return body, ""
	}
	for _, part := range []string{"form", "query"} {
		if fields := envelope[part]; fields != nil {
			return fields, part
		}
	}
	t.Fatalf("%s is an envelope without a form or a query", name)
	return nil, ""
}

// encoded are the fields of an object as a form or a query has them.
func encoded(t testing.TB, object []byte) []byte {
	t.Helper()
	var fields map[string]string
	if err := json.Unmarshal(object, &fields); err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	return []byte(values.Encode())
}

// examples asks that nothing documented is passed over: each file of testdata is used,
// or put aside with its reason.
func (k Kit) examples(t *testing.T) {
	used := map[string]bool{}
	for _, s := range k.Sends {
		used[s.Example], used[s.Yes] = true, true
	}
	for _, a := range k.Answers {
		used[a.Example] = true
	}
	for _, c := range k.Callbacks {
		used[c.Example] = true
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d examples, error %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if reason, aside := k.Aside[name]; aside == used[name] || aside && reason == "" {
			t.Errorf("%s: used %t, put aside %t (%s); want one of them, and a reason", name, used[name], aside, reason)
		}
		delete(k.Aside, name)
		k.tally.add(1)
	}
	for name := range k.Aside {
		t.Errorf("%s is put aside, and there is no such example", name)
	}
}
