package campaign

import (
	"slices"
	"strings"
)

// mediaKinds are the free-form contents that are a file, and what may go with it, as
// documented by Qlara.
var mediaKinds = []struct {
	kind string
	with []string
}{
	{"image", []string{"caption"}},
	{"video", []string{"caption"}},
	{"audio", nil},
	{"document", []string{"caption", "filename"}},
	{"sticker", nil},
}

// readBody reads the free-form content of a leg, one of eight kinds.
func readBody(s *section, c *Content) {
	for _, m := range mediaKinds {
		s.below(m.kind, func(s *section) { c.Media = readMedia(s, m.kind, m.with) })
	}
	s.below("location", func(s *section) {
		c.Location = &Location{
			Latitude:  s.need("latitude", "degrees, as in 45.4642"),
			Longitude: s.need("longitude", "degrees, as in 9.1900"),
			Name:      s.text("name"),
			Address:   s.text("address"),
		}
	})
	s.below("reaction", func(s *section) {
		c.Reaction = &Reaction{
			MessageID: s.need("messageId", "the id of the message that is answered"),
			Emoji:     s.need("emoji", "one emoji"),
		}
	})
	s.below("text", func(s *section) { c.Text = s.need("body", "what the message says") })
	n := 0
	for _, kind := range s.asked {
		if s.has(kind) {
			n++
		}
	}
	if n != 1 {
		s.wrong("", "want exactly one of %s, not %d", strings.Join(s.asked, ", "), n)
	}
}

func readMedia(s *section, kind string, with []string) *Media {
	m := &Media{Kind: kind, URL: s.text("url"), Key: s.text("key")}
	if (m.URL == "") == (m.Key == "") {
		s.wrong("", "want either the url of the %s or the key of an uploaded one", kind)
	}
	if slices.Contains(with, "caption") {
		m.Caption = s.text("caption")
	}
	if slices.Contains(with, "filename") {
		m.Filename = s.text("filename")
	}
	return m
}
