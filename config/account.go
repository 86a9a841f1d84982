package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"github.com/goccy/go-yaml/ast"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Account is credentials at one provider, and what holds for their use.
type Account struct {
	Provider        string
	BaseURL         string            // "": the provider's own
	CallbackSecrets []provider.Secret // the last part of the callback's address; two while one takes the other's place
	Limits          []campaign.Limit  // of the account as a whole
	Channels        map[campaign.Channel]Channel
	Webhook         *campaign.Webhook // of what people write to it, and of campaigns that begin on it and name none; nil: nobody

	settings settings
}

// Channel is what holds for an account's one channel.
type Channel struct {
	Limits      []campaign.Limit
	Concurrency int  // requests at a time, in each process
	Receipts    bool // whether the provider is going to report
}

// IsLoopback says whether the account's provider can only be on this machine, so that
// nothing sent there reaches a person.
func (a Account) IsLoopback() bool { return isLoopback(a.BaseURL) }

// accountBlocks are the accounts in the order of the file.
type accountBlocks []accountBlock

// accountBlock is an account as it is written: what every account has, and beside it
// what its provider wants.
type accountBlock struct {
	name     string
	kind     kind
	settings settings

	Provider        string            `yaml:"provider"`
	BaseURL         string            `yaml:"base_url"`
	CallbackSecrets []callbackSecret  `yaml:"callback_secret"`
	Limits          *[]campaign.Limit `yaml:"limits"`
	Webhook         *accountWebhook   `yaml:"webhook"`
	WhatsApp        *channelBlock     `yaml:"whatsapp"`
	RCS             *channelBlock     `yaml:"rcs"`
	SMS             *channelBlock     `yaml:"sms"`
}

type channelBlock struct {
	Limits      []campaign.Limit `yaml:"limits"`
	Concurrency concurrency      `yaml:"concurrency"`
	Receipts    receipts         `yaml:"receipts"`
}

// accountName is what may stand in an address, and before the dot of a lane's name.
var accountName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func (bs *accountBlocks) readNode(d *document, path string, n ast.Node) {
	d.pairs(path, n, func(p pair) {
		if !accountName.MatchString(p.key) {
			d.note(p.path, p.at, "want a name of small letters, digits, - and _, at most 40")
		}
		b := accountBlock{name: p.key}
		if d.isMapping(p.path, p.value) && b.read(d, p.path, p.value) {
			*bs = append(*bs, b)
		}
	})
}

// read takes the provider's name first, for it says which keys there are. Without a
// known one it reads nothing.
func (b *accountBlock) read(d *document, path string, n ast.Node) bool {
	var name providerName
	d.into(path+".provider", valueAt(n, "provider"), valueOf(&name))
	of, found := providers()[string(name)]
	if !found {
		d.wrong(path+".provider", "missing: want %s", providerNames())
		return false
	}
	b.kind, b.settings = of, of.blank()
	d.structs(path, n, valueOf(b), valueOf(b.settings.into))
	for _, p := range b.settings.check() {
		d.wrong(path+"."+p.Path, "%s", p.Text)
	}
	if n := len(b.CallbackSecrets); n > 2 {
		d.wrong(path+".callback_secret", "%d secrets: want one, or two while one takes the other's place", n)
	}
	return true
}

func (b *accountBlock) account() Account {
	a := Account{
		Provider: b.Provider,
		BaseURL:  b.BaseURL,
		Limits:   b.kind.limits,
		Channels: map[campaign.Channel]Channel{},
		Webhook:  (*campaign.Webhook)(b.Webhook),
		settings: b.settings,
	}
	if b.Limits != nil {
		a.Limits = *b.Limits
	}
	for _, s := range b.CallbackSecrets {
		a.CallbackSecrets = append(a.CallbackSecrets, s.Secret)
	}
	for channel, block := range map[campaign.Channel]*channelBlock{
		campaign.WhatsApp: b.WhatsApp, campaign.RCS: b.RCS, campaign.SMS: b.SMS,
	} {
		if block != nil {
			a.Channels[channel] = block.channel()
		}
	}
	return a
}

func (b *channelBlock) channel() Channel {
	c := Channel{Limits: b.Limits, Concurrency: int(b.Concurrency), Receipts: b.Receipts != none}
	if c.Concurrency == 0 {
		c.Concurrency = DefaultConcurrency
	}
	return c
}

// callbackSecret is a secret that stands in an address.
type callbackSecret struct{ provider.Secret }

var inAddress = regexp.MustCompile(`^[A-Za-z0-9._~-]*$`)

// UnmarshalText reads at least 16 letters and digits.
func (s *callbackSecret) UnmarshalText(b []byte) error {
	if err := errWeak(string(b)); err != nil {
		return err
	}
	if !inAddress.Match(b) {
		return errors.New("it stands in an address: want letters, digits, - and _ only, as openssl rand -hex 16 makes them")
	}
	s.Secret = provider.NewSecret(string(b))
	return nil
}

// concurrency is how many requests of a lane may be on their way in one process.
type concurrency int

// UnmarshalText reads a count from 1 to 1000.
func (c *concurrency) UnmarshalText(b []byte) error {
	const most = 1000
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 1 || n > most {
		return fmt.Errorf("%q: want how many requests may be on their way at once, from 1 to %d", b, most)
	}
	*c = concurrency(n)
	return nil
}

// receipts says whether the provider is going to report; "" is expected.
type receipts string

const none receipts = "none"

// UnmarshalText reads "expected" or "none".
func (r *receipts) UnmarshalText(b []byte) error {
	switch word := receipts(b); word {
	case "expected", none:
		*r = word
		return nil
	}
	return fmt.Errorf("%q: want expected or none", b)
}
