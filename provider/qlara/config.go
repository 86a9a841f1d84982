package qlara

import (
	"cmp"

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

func (c Config) base() string { return cmp.Or(c.BaseURL, productionURL) }

// Check names every mistake at once.
func (c Config) Check() []provider.Problem {
	var problems []provider.Problem
	wrong := func(path, text string) { problems = append(problems, provider.Problem{Path: path, Text: text}) }
	if !provider.ValidAddress(c.base()) {
		wrong("base_url", "want an address as "+productionURL+", without a user, a query or a fragment")
	}
	if !provider.ValidKey(c.APIKey.Reveal()) {
		wrong("api_key", provider.WantKey)
	}
	if c.WhatsApp == nil && c.RCS == nil && c.SMS == nil {
		wrong("whatsapp", provider.WantChannel)
	}
	if c.WhatsApp != nil && c.WhatsApp.PhoneNumberID < 1 {
		wrong("whatsapp.phone_number_id", "missing: it is the id of a phone number of the account, a whole number")
	}
	if c.RCS != nil && c.RCS.AgentID < 1 {
		wrong("rcs.agent_id", "missing: it is the id of an RCS agent of the account, a whole number")
	}
	if c.SMS != nil && !provider.ValidSender(c.SMS.Sender) {
		wrong("sms.sender", provider.WantSender)
	}
	return problems
}
