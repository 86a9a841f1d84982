package qlara

import (
	"errors"
	"net/url"
	"regexp"
	"strings"

	"github.com/seed-438792ba/cascade/provider"
)

// productionURL is documented by the provider.
const productionURL = "https://lora-api.agiletelecom.com/api"

// Config is a Qlara account's block of the configuration. A channel that has no block
// is not used. At least one channel and the key are needed.
type Config struct {
	BaseURL  string          `yaml:"base_url"` // default https://lora-api.agiletelecom.com/api
	APIKey   provider.Secret `yaml:"api_key"`
	WhatsApp *WhatsApp       `yaml:"whatsapp"`
	RCS      *RCS            `yaml:"rcs"`
	SMS      *SMS            `yaml:"sms"`
}

// WhatsApp is the account's WhatsApp sender.
type WhatsApp struct {
	PhoneNumberID int `yaml:"phone_number_id"` // the field id of GET …/whatsapp/phone-numbers
}

// RCS is the account's RCS sender.
type RCS struct {
	AgentID int `yaml:"agent_id"`
}

// SMS is the account's SMS sender.
type SMS struct {
	Sender string `yaml:"sender"` // up to 11 letters and digits, or a number as +39…, or a short code
}

var (
	senderName   = regexp.MustCompile(`^[A-Za-z0-9 ]{1,11}$`)
	senderNumber = regexp.MustCompile(`^(\+[1-9][0-9]{7,14}|[0-9]{3,8})$`)
	headerValue  = regexp.MustCompile(`^[!-~]+$`)
)

func (c Config) base() string {
	if c.BaseURL == "" {
		return productionURL
	}
	return c.BaseURL
}

// Check names every mistake at once.
func (c Config) Check() []provider.Problem {
	var problems []provider.Problem
	wrong := func(path, text string) { problems = append(problems, provider.Problem{Path: path, Text: text}) }
	if u, err := url.Parse(c.base()); err != nil || !plainAddress(u) {
		wrong("base_url", "want an address as "+productionURL+", without a user, a query or a fragment")
	}
	if !headerValue.MatchString(c.APIKey.Reveal()) {
		wrong("api_key", "missing, or it holds a space or a sign that no key has")
	}
	if c.WhatsApp == nil && c.RCS == nil && c.SMS == nil {
		wrong("whatsapp", "the account has no channel: add whatsapp, rcs or sms")
	}
	if c.WhatsApp != nil && c.WhatsApp.PhoneNumberID < 1 {
		wrong("whatsapp.phone_number_id", "missing: it is the id of a phone number of the account, a whole number")
	}
	if c.RCS != nil && c.RCS.AgentID < 1 {
		wrong("rcs.agent_id", "missing: it is the id of an RCS agent of the account, a whole number")
	}
	if c.SMS != nil && !validSender(c.SMS.Sender) {
		wrong("sms.sender", "want up to 11 letters, digits or spaces with a letter among them, or a number as +39…, or a short code")
	}
	return problems
}

func (c Config) err() error {
	var errs []error
	for _, p := range c.Check() {
		errs = append(errs, p)
	}
	return errors.Join(errs...)
}

func plainAddress(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" &&
		u.User == nil && u.RawQuery == "" && u.Fragment == ""
}

func validSender(s string) bool {
	if senderNumber.MatchString(s) {
		return true
	}
	hasLetter := strings.ToLower(s) != strings.ToUpper(s)
	return senderName.MatchString(s) && hasLetter && strings.TrimSpace(s) == s
}
