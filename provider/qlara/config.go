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

	// Simulation has everything processed and nothing sent, at no cost (documented).
	// Whether receipts come of it is not: a leg's wait may be all that ends it, and the
	// next leg is another account's.
	Simulation bool `yaml:"simulation"`
}

// Notifications say whether a channel's receipts are wanted at all.
type Notifications struct {
	Receipts string `yaml:"receipts"`            // "none": none are waited for
	Enable   *bool  `yaml:"enable_notification"` // default true; false only where none are waited for
}

// WhatsApp is the account's WhatsApp sender.
type WhatsApp struct {
	PhoneNumberID int `yaml:"phone_number_id"` // the field id of GET …/whatsapp/phone-numbers
	Notifications
}

// RCS is the account's RCS sender.
type RCS struct {
	AgentID int `yaml:"agent_id"`
	Notifications
}

// SMS is the account's SMS sender.
type SMS struct {
	Sender string `yaml:"sender"` // up to 11 letters and digits, or a number as +39…, or a short code
	Notifications
}

func (n Notifications) wanted() bool { return n.Enable == nil || *n.Enable }

// check refuses what would turn a whole list into fallback: a leg that waits for
// receipts which nobody was asked for.
func (n Notifications) check(channel string, wrong func(path, text string)) {
	if !n.wanted() && n.Receipts != "none" {
		wrong(channel+".enable_notification", "without notifications no receipt comes, and every leg's wait would run out: want receipts: none beside it, or leave it out")
	}
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
	if w := c.WhatsApp; w != nil {
		if w.PhoneNumberID < 1 {
			wrong("whatsapp.phone_number_id", "missing: it is the id of a phone number of the account, a whole number")
		}
		w.check("whatsapp", wrong)
	}
	if r := c.RCS; r != nil {
		if r.AgentID < 1 {
			wrong("rcs.agent_id", "missing: it is the id of an RCS agent of the account, a whole number")
		}
		r.check("rcs", wrong)
	}
	if s := c.SMS; s != nil {
		if !provider.ValidSender(s.Sender) {
			wrong("sms.sender", provider.WantSender)
		}
		s.check("sms", wrong)
	}
	return problems
}
