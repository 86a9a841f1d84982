package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// asset is one embedded file.
type asset struct {
	name    string // as it is served, with a hash of its content
	form    string // its content type
	content []byte
}

// assets are the embedded files by the name under which they are served. A changed file
// has another name, so that browsers may keep each for ever.
type assets map[string]asset

func readAssets() (assets, error) {
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		return nil, err
	}
	all := assets{}
	for _, e := range entries {
		content, err := assetFiles.ReadFile("assets/" + e.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(content)
		suffix := path.Ext(e.Name())
		name := strings.TrimSuffix(e.Name(), suffix) + "." + hex.EncodeToString(sum[:6]) + suffix
		form := mime.TypeByExtension(suffix)
		if form == "" {
			form = "text/plain; charset=utf-8"
		}
		a := asset{name, form, content}
		all[name], all["="+e.Name()] = a, a
	}
	return all, nil
}

// path is where a file is served, by its name in the folder.
func (a assets) path(file string) string { return "/assets/" + a["="+file].name }

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, there := a[r.PathValue("name")]
	if !there || strings.HasPrefix(r.PathValue("name"), "=") {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", found.form)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(found.content) // a browser that has gone does not need it
}
