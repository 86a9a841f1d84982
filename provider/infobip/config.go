package infobip

import (
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// Config is an Infobip account's block of the configuration. A channel that has no
// block is not used. The address, the key and at least one channel are needed.
type Config struct {
	BaseURL  string          `yaml:"base_url"` // the account's own, as https://xxxxx.api.infobip.com
	APIKey   provider.Secret `yaml:"api_key"`
	WhatsApp *Sender         `yaml:"whatsapp"` // a number
	RCS      *Sender         `yaml:"rcs"`      // the agent's name
	SMS      *Sender         `yaml:"sms"`      // up to 11 letters and digits, or a number as +39…, or a short code

	// What the subscription's security settings say (BASIC) and its profile adds (a
	// header); default: the secret in the callback's address is all.
	provider.Credentials
	// HMAC, by HMAC_SHA_256. Infobip does not publish the header that carries it: look
	// at a test call.
	CallbackHMACKey    provider.Secret `yaml:"callback_hmac_key"`
	CallbackHMACHeader string          `yaml:"callback_hmac_header"`
}

// Sender is one channel's registered sender.
type Sender struct {
	Sender     string      `yaml:"sender"`
	URLOptions *URLOptions `yaml:"url_options"`
}

// bare is the sender as Infobip writes it: a number has no plus.
func (s Sender) bare() string { return strings.TrimPrefix(s.Sender, "+") }

var whatsappSender = regexp.MustCompile(`^\+?[1-9][0-9]{4,14}$`)

// Check names every mistake at once.
func (c Config) Check() []provider.Problem {
	var problems []provider.Problem
	wrong := func(path, text string) { problems = append(problems, provider.Problem{Path: path, Text: text}) }
	if !provider.ValidAddress(c.BaseURL) {
		wrong("base_url", "want the account's own address, as https://xxxxx.api.infobip.com, without a user, a query or a fragment")
	}
	if !provider.ValidKey(c.APIKey.Reveal()) {
		wrong("api_key", provider.WantKey)
	}
	if c.WhatsApp == nil && c.RCS == nil && c.SMS == nil {
		wrong("whatsapp", provider.WantChannel)
	}
	if c.WhatsApp != nil && !whatsappSender.MatchString(c.WhatsApp.Sender) {
		wrong("whatsapp.sender", "want the registered number with its country code, as +391234567890")
	}
	if c.RCS != nil && (c.RCS.Sender == "" || strings.TrimSpace(c.RCS.Sender) != c.RCS.Sender) {
		wrong("rcs.sender", "missing, or it has spaces around it: want the RCS agent's name at Infobip")
	}
	if c.SMS != nil && !provider.ValidSender(c.SMS.Sender) {
		wrong("sms.sender", provider.WantSender)
	}
	c.WhatsApp.checkLinks("whatsapp", wrong)
	c.RCS.checkLinks("rcs", wrong)
	c.SMS.checkLinks("sms", wrong)
	problems = append(problems, c.Credentials.Problems()...)
	return append(problems, provider.HeaderProblems("callback_hmac_header", "callback_hmac_key", c.CallbackHMACHeader, c.CallbackHMACKey,
		"the header is the one that a test call bears")...)
}
