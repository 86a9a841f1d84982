package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A page that does what no page may is complained of, each deed by itself: else the tests
// in the browser could not fail.
func TestTheBrowserComplains(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"/console": `<script>console.error("a text on the console")</script>`,
		"/throws":  `<script>throw new Error("thrown away")</script>`,
		"/dialog":  `<script>alert("hello there")</script>`,
		"/policy":  `<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onerror="x()">`,
		"/leaves":  `<img src="http://203.0.113.1/a.png">`,
		"/missing": `<img src="/nothing.png">`,
	}
	mux := http.NewServeMux()
	for path, page := range pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			if path == "/policy" {
				w.Header().Set("Content-Security-Policy", "default-src 'none'")
			}
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><body>here` + page))
		})
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c := newChrome(t, server.URL)
	for path, want := range map[string]string{
		"/console": "a text on the console", "/throws": "thrown away", "/dialog": "hello there",
		"/policy": "content security policy", "/leaves": "left the house: http://203.0.113.1/a.png", "/missing": "/nothing.png was answered with 404",
	} {
		c.visit(path)
		c.until("a complaint of "+path, func() (string, bool) {
			c.mu.Lock()
			defer c.mu.Unlock()
			all := strings.Join(c.against, "\n")
			return all, strings.Contains(all, want)
		})
		c.mu.Lock()
		c.against = nil // they were asked for
		c.mu.Unlock()
	}
}
