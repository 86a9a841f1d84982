package wab

import (
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Config is a Mobile Gateway account's block of the configuration. A channel that has no
// block is not used; at least one is needed.
type Config struct {
	BaseURL  string          `yaml:"base_url"` // the tenant's host, as https://api.example.com, without /rest
	Username string          `yaml:"username"` // the application's name
	Password provider.Secret `yaml:"password"`
	WhatsApp *WhatsApp       `yaml:"whatsapp"`
	RCS      *struct{}       `yaml:"rcs"` // refused: there is none
	SMS      *SMS            `yaml:"sms"`
}

// WhatsApp is the account's WhatsApp sender.
type WhatsApp struct {
	Source string `yaml:"source"` // the number or its id, digits without a plus
}

// SMS is the account's SMS sender.
type SMS struct {
	Source string `yaml:"source"` // a short code, a number as +64…, or up to 11 letters and digits
	Class  string `yaml:"class"`  // in its place: a class of the application, which knows the sender
}

var (
	sourceDigits = regexp.MustCompile(`^[0-9]{5,32}$`)
	control      = regexp.MustCompile(`[[:cntrl:]]`)
)

// Check names every mistake at once.
func (c Config) Check() []provider.Problem {
	var problems []provider.Problem
	wrong := func(path, text string) { problems = append(problems, provider.Problem{Path: path, Text: text}) }
	if base := strings.TrimRight(c.BaseURL, "/"); !provider.ValidAddress(base) || strings.Contains(base, "/rest") {
		wrong("base_url", "want the address of the gateway's host, as https://api.example.com, without /rest, a user, a query or a fragment")
	}
	if c.Username == "" || strings.Contains(c.Username, ":") || control.MatchString(c.Username) {
		wrong("username", "missing, or it holds a sign that cannot be sent: want the application's name, without a colon")
	}
	if c.Password.Reveal() == "" || control.MatchString(c.Password.Reveal()) {
		wrong("password", "missing, or it holds a sign that cannot be sent")
	}
	if c.WhatsApp == nil && c.SMS == nil {
		wrong("whatsapp", "the account has no channel: add whatsapp or sms")
	}
	if c.RCS != nil {
		wrong("rcs", errNoRCS.Error()+": remove the block")
	}
	if c.WhatsApp != nil && !sourceDigits.MatchString(c.WhatsApp.Source) {
		wrong("whatsapp.source", "want the WhatsApp number or its id, digits without a plus")
	}
	switch s := c.SMS; {
	case s == nil:
	case s.Source != "" && s.Class != "":
		wrong("sms.class", "the gateway takes either source or class: remove one")
	case s.Class != "" && !provider.ValidKey(s.Class):
		wrong("sms.class", "want the name of a class of the application, without a space")
	case s.Class == "" && !provider.ValidSender(s.Source):
		wrong("sms.source", provider.WantSender)
	}
	return problems
}
