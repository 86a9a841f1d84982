package providertest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// Nowhere is an address at which nobody listens.
const Nowhere = "http://127.0.0.1:1"

// Made is the adapter of a configuration that is in order.
func Made[C, A any](t testing.TB, open func(C, *provider.Client) (A, error), config C) A {
	t.Helper()
	a, err := open(config, provider.NewClient(provider.ClientOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// JSON writes what a test made itself.
func JSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// At reads a time in RFC 3339, as UTC.
func At(s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

// Post is a callback; without a content type it names none.
func Post(contentType, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return r
}
