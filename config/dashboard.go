package config

import "strings"

// Dashboard says how people reach the pages.
type Dashboard struct {
	TLS bool // over TLS, which something before this process ends: the login's cookie is then for TLS only
}

// dashboard is the same as it is written.
type dashboard struct {
	TLS *bool `yaml:"tls"`
}

// settings are what is meant. Where providers reach us by https, so do people, unless it is
// said otherwise.
func (d dashboard) settings(publicURL string) Dashboard {
	if d.TLS != nil {
		return Dashboard{TLS: *d.TLS}
	}
	return Dashboard{TLS: strings.HasPrefix(publicURL, "https:")}
}
