package kaleyra

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Config is a Kaleyra account's block of the configuration. A channel that has no block
// is not used; at least one is needed.
type Config struct {
	BaseURL  string          `yaml:"base_url"` // of the account's region, as https://api.in.kaleyra.io
	SID      string          `yaml:"sid"`      // of the account; part of every address
	APIKey   provider.Secret `yaml:"api_key"`
	WhatsApp *WhatsApp       `yaml:"whatsapp"`
	RCS      *RCS            `yaml:"rcs"`
	SMS      *SMS            `yaml:"sms"`

	// What the callback profiles of the console are told to send along; default: the
	// secret in the callback's address is all.
	provider.Credentials
}

// WhatsApp is the account's WhatsApp sender.
type WhatsApp struct {
	From              string `yaml:"from"`                // the registered number, as +39…
	CallbackProfileID string `yaml:"callback_profile_id"` // who is told of statuses; default: what the console says
	Sandbox           bool   `yaml:"sandbox"`             // send through Kaleyra's sandbox: to numbers that have joined it only
}

// RCS is the account's RCS agent.
type RCS struct {
	From string `yaml:"from"`
}

// SMS is the account's SMS sender.
type SMS struct {
	Sender            string `yaml:"sender"`              // up to 11 letters and digits, or a number as +39…, or a short code
	CallbackProfileID string `yaml:"callback_profile_id"` // who is told of statuses; not WhatsApp's, for a profile serves one channel
}

var (
	name   = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	number = regexp.MustCompile(`^\+[1-9][0-9]{7,14}$`)
)

// Check names every mistake at once.
func (c Config) Check() []provider.Problem {
	var problems []provider.Problem
	wrong := func(path, text string) { problems = append(problems, provider.Problem{Path: path, Text: text}) }
	profile := func(path, id string) {
		if id != "" && !name.MatchString(id) {
			wrong(path, "want the profile's id as the console shows it, as IN_09b3dfa7-…")
		}
	}
	switch {
	case !provider.ValidAddress(c.BaseURL):
		wrong("base_url", "want the address of the account's region, as https://api.in.kaleyra.io, without a user, a query or a fragment")
	case c.RCS != nil && c.rcsBase() == "":
		wrong("base_url", "rcs wants the host of a region, as https://api.in.kaleyra.io: Kaleyra's RCS has no other")
	}
	if !name.MatchString(c.SID) {
		wrong("sid", "missing, or not one: want the account's SID, letters and digits")
	}
	if !provider.ValidKey(c.APIKey.Reveal()) {
		wrong("api_key", provider.WantKey)
	}
	if c.WhatsApp == nil && c.RCS == nil && c.SMS == nil {
		wrong("whatsapp", provider.WantChannel)
	}
	if w := c.WhatsApp; w != nil {
		if !number.MatchString(w.From) {
			wrong("whatsapp.from", "want the registered number, as +393331234567")
		}
		profile("whatsapp.callback_profile_id", w.CallbackProfileID)
	}
	if c.RCS != nil && !provider.ValidKey(c.RCS.From) {
		wrong("rcs.from", "missing: it is the id of an RCS agent of the account, without a space")
	}
	if s := c.SMS; s != nil {
		if !provider.ValidSender(s.Sender) {
			wrong("sms.sender", provider.WantSender)
		}
		profile("sms.callback_profile_id", s.CallbackProfileID)
	}
	return append(problems, c.Credentials.Problems()...)
}

// rcsBase is where RCS is: at Kaleyra the host of the region with another first word
// (documented), "" where base_url names no region; anywhere else the same place.
func (c Config) rcsBase() string {
	u, err := url.Parse(strings.TrimRight(c.BaseURL, "/"))
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if !strings.HasSuffix(host, ".kaleyra.io") && !strings.HasSuffix(host, ".kaleyra.ai") {
		return u.String()
	}
	region, regional := strings.CutPrefix(host, "api.")
	if !regional || strings.HasPrefix(region, "kaleyra.") {
		return ""
	}
	u.Host = "rcs-" + strings.ToLower(u.Host)
	return u.String()
}
