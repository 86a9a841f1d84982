package infobip

import (
	"regexp"

	"github.com/seed-438792ba/cascade/provider"
)

// URLOptions have Infobip shorten the addresses in a channel's messages and tell who
// opened them. The same options stand in different places of the request by channel.
type URLOptions struct {
	ShortenURL     bool            `yaml:"shorten_url"`
	TrackClicks    bool            `yaml:"track_clicks"`
	TrackingURL    provider.Secret `yaml:"tracking_url"` // where clicks are reported, as https://cascade.example.com/callbacks/ACCOUNT/SECRET
	RemoveProtocol bool            `yaml:"remove_protocol"`
	CustomDomain   string          `yaml:"custom_domain"` // of the short addresses; with a template, the one it is registered with
}

// tracking is urlOptions of WhatsApp, and options.tracking of RCS and SMS.
type tracking struct {
	ShortenURL     bool   `json:"shortenUrl,omitempty"`
	TrackClicks    bool   `json:"trackClicks,omitempty"`
	TrackingURL    string `json:"trackingUrl,omitempty"`
	RemoveProtocol bool   `json:"removeProtocol,omitempty"`
	CustomDomain   string `json:"customDomain,omitempty"`
}

func (s Sender) tracking() *tracking {
	o := s.URLOptions
	if o == nil {
		return nil
	}
	return &tracking{o.ShortenURL, o.TrackClicks, o.TrackingURL.Reveal(), o.RemoveProtocol, o.CustomDomain}
}

var hostName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$`)

// checkLinks finds options that would do nothing. That clicks are told of shortened addresses
// only is assumed.
func (s *Sender) checkLinks(channel string, wrong func(path, text string)) {
	if s == nil || s.URLOptions == nil {
		return
	}
	o, path := s.URLOptions, channel+".url_options"
	if !o.ShortenURL {
		wrong(path+".shorten_url", "the other options speak of shortened addresses: want shorten_url: true, or no url_options")
	}
	address := o.TrackingURL.Reveal()
	switch {
	case address != "" && !o.TrackClicks:
		wrong(path+".tracking_url", "it is told of clicks: want track_clicks: true beside it")
	case address != "" && !provider.ValidAddress(address):
		wrong(path+".tracking_url", "want an address as https://cascade.example.com/callbacks/ACCOUNT/SECRET, without a user, a query or a fragment")
	}
	if o.CustomDomain != "" && !hostName.MatchString(o.CustomDomain) {
		wrong(path+".custom_domain", "want a domain as links.example.com, without https://")
	}
}
