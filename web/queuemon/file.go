package queuemon

import (
	"bytes"
	"net/http"
	"path"
	"strings"
)

// fileTypes are the media types of asynqmon's files, which itself guesses and in part
// gets wrong.
var fileTypes = map[string]string{
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".png":  "image/png",
	".ico":  "image/x-icon",
	".json": "application/json",
	".map":  "application/json",
	".txt":  "text/plain; charset=utf-8",
}

// fileType says whether a path below the root is that of a file. Others may have a dot
// as well: queues are called qlara.whatsapp.
func fileType(below string) (media string, ok bool) {
	if strings.Contains(below, "/") && !strings.HasPrefix(below, "static/") {
		return "", false
	}
	media, ok = fileTypes[path.Ext(below)]
	return media, ok
}

// typed answers with a media type of its own, unless the answer is a refusal. asynqmon
// gives its page where it has no such file or route: there this one gives a 404.
type typed struct {
	http.ResponseWriter
	media   string
	started bool
	missing bool
}

func (t *typed) WriteHeader(status int) {
	if !t.started && status == http.StatusOK {
		t.Header().Set("Content-Type", t.media)
	}
	t.started = true
	t.ResponseWriter.WriteHeader(status)
}

func (t *typed) Write(b []byte) (int, error) {
	switch {
	case t.missing:
		return len(b), nil
	case !t.started && bytes.HasPrefix(b, []byte("<!doctype html>")):
		t.started, t.missing = true, true
		http.Error(t.ResponseWriter, "there is nothing here", http.StatusNotFound)
		return len(b), nil
	case !t.started:
		t.WriteHeader(http.StatusOK)
	}
	return t.ResponseWriter.Write(b)
}
