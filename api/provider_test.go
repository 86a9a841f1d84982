package api_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
)

const callbacks = "/callbacks/qlara/" + secret

// shape is a documented callback with one of its fields changed.
func shape(t testing.TB, file, field, value string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "qlara", file))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{}
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	if fields[field] == nil {
		t.Fatalf("%s has no %s", file, field)
	}
	fields[field] = value
	text, err = json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (h *house) callback(body string) answer {
	h.t.Helper()
	return h.do("POST", callbacks, "", "application/json", body)
}

// counted is how often callbacks came to a result.
func (h *house) counted(account string, result api.CallbackResult) uint64 {
	for _, c := range h.api.Callbacks() {
		if c.Account == account && c.Result == result {
			return c.N
		}
	}
	return 0
}

// raw are the callbacks that were kept.
func (h *house) raw() []string {
	for _, key := range h.redis.Keys() {
		if strings.HasSuffix(key, ":raw") {
			list, err := h.redis.List(key)
			if err != nil {
				h.t.Fatal(err)
			}
			return list
		}
	}
	return nil
}
