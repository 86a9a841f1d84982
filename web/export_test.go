package web

import "net/http"

// Place is one thing that the dashboard serves.
type Place struct {
	Method, Path string
	Live         bool
}

// Places are all of them, but for login, logout and assets.
func Places() (list []Place) {
	for _, p := range pages {
		list = append(list, Place{p.method(), p.path, p.live})
	}
	for _, f := range fetches {
		list = append(list, Place{http.MethodGet, f.path, false})
	}
	for _, u := range uploads {
		list = append(list, Place{http.MethodPost, u.path, false})
	}
	for _, d := range deeds {
		list = append(list, Place{http.MethodPost, d.path, false})
	}
	return list
}

// Ours is ours, for the test of what it lets through.
func Ours(path string) string { return ours(path) }
