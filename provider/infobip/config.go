package infobip

import (
	"net/http"
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

	// What the subscription's security settings say; default: the secret in the
	// callback's address is all. What is given here is required of every callback.
	CallbackUser     string          `yaml:"callback_user"` // BASIC
	CallbackPassword provider.Secret `yaml:"callback_password"`
	// HMAC, by HMAC_SHA_256. Infobip does not publish the header that carries it: look
	// at a test call.
	CallbackHMACKey    provider.Secret `yaml:"callback_hmac_key"`
	CallbackHMACHeader string          `yaml:"callback_hmac_header"`
}

// Sender is one channel's registered sender.
type Sender struct {
	Sender string `yaml:"sender"`
}

var (
	whatsappSender = regexp.MustCompile(`^\+?[1-9][0-9]{4,14}$`)
	headerName     = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

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
	return append(problems, c.checkCallback()...)
}

// checkCallback finds halves of credentials, which would check nothing.
func (c Config) checkCallback() []provider.Problem {
	var problems []provider.Problem
	user, password := c.CallbackUser != "", c.CallbackPassword.Reveal() != ""
	if user != password {
		problems = append(problems, provider.Problem{Path: half(user, "callback_user", "callback_password"),
			Text: "want callback_user and callback_password together, as the subscription's security settings have them"})
	}
	key, header := c.CallbackHMACKey.Reveal() != "", c.CallbackHMACHeader != ""
	switch {
	case key != header:
		problems = append(problems, provider.Problem{Path: half(key, "callback_hmac_key", "callback_hmac_header"),
			Text: "want callback_hmac_key and callback_hmac_header together: the header is the one that a test call bears"})
	case header && !headerName.MatchString(c.CallbackHMACHeader), http.CanonicalHeaderKey(c.CallbackHMACHeader) == "Authorization":
		problems = append(problems, provider.Problem{Path: "callback_hmac_header", Text: "want the name of a header of its own"})
	}
	return problems
}

// half is the half that is there, for that is where the file can be pointed at.
func half(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}
