package config

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/webhook"
)

// Webhooks are the receivers outside by name.
type Webhooks map[string]webhook.Receiver

// webhookBlocks are the receivers in the order of the file.
type webhookBlocks []webhookBlock

// webhookBlock is a receiver as it is written.
type webhookBlock struct {
	name string

	URL           webhookURL       `yaml:"url"`
	Secrets       []webhook.Secret `yaml:"secret"`
	AllowHTTP     bool             `yaml:"allow_http"`
	AllowNetworks []network        `yaml:"allow_networks"`
	Concurrency   concurrency      `yaml:"concurrency"`
}

func (bs *webhookBlocks) readNode(d *document, path string, n ast.Node) {
	d.pairs(path, n, func(p pair) {
		if !accountName.MatchString(p.key) {
			d.note(p.path, p.at, "want a name of small letters, digits, - and _, at most 40")
		}
		b := webhookBlock{name: p.key}
		d.structs(p.path, p.value, valueOf(&b))
		b.check(d, p.path)
		*bs = append(*bs, b)
	})
}

func (b *webhookBlock) check(d *document, path string) {
	u, _ := url.Parse(string(b.URL))
	switch host, err := netip.ParseAddr(u.Hostname()); {
	case b.URL == "":
		d.wrong(path+".url", "missing: want the receiver's address, as https://crm.example.com/webhooks/cascade")
	case u.Scheme == "http" && !b.AllowHTTP:
		d.wrong(path+".url", "what is sent over http anybody on the way can read and change: want https, or allow_http: true beside it")
	case err == nil:
		if err := b.guard().Check(host); err != nil {
			d.wrong(path+".url", "%s", err)
		}
	}
	switch n := len(b.Secrets); {
	case n == 0:
		d.wrong(path+".secret", "missing: want a secret that the receiver knows as well, given as ${NAME} from the environment: make it with %s", `echo "whsec_$(openssl rand -base64 32)"`)
	case n > 2:
		d.wrong(path+".secret", "%d secrets: want one, or two while one takes the other's place", n)
	}
}

func (b webhookBlock) receiver() webhook.Receiver {
	return webhook.Receiver{URL: string(b.URL), Secrets: b.Secrets, Guard: b.guard(), Concurrency: int(b.Concurrency)}
}

func (b webhookBlock) guard() (g webhook.Guard) {
	for _, n := range b.AllowNetworks {
		g = append(g, n.Prefix)
	}
	return g
}

// network is a part of the addresses.
type network struct{ netip.Prefix }

// UnmarshalText reads "10.1.0.0/16" or "fd00::/8".
func (n *network) UnmarshalText(b []byte) error {
	p, err := netip.ParsePrefix(string(b))
	if err != nil || p != p.Masked() {
		return fmt.Errorf("%q: want a network, as 10.1.0.0/16 or 127.0.0.1/32", b)
	}
	n.Prefix = p
	return nil
}

// webhookURL is where a receiver takes what it is told.
type webhookURL string

// UnmarshalText reads an address with a host and nothing that tells who asks.
func (w *webhookURL) UnmarshalText(b []byte) error {
	u, err := url.Parse(string(b))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errors.New("want an address as https://crm.example.com/webhooks/cascade, without a user or a fragment")
	}
	*w = webhookURL(b)
	return nil
}

// accountWebhook is who is told of an account's messages and of what people write to it.
type accountWebhook struct {
	To     string `yaml:"to"`
	Number bool   `yaml:"number"`
}

// checkWebhooks notes accounts that name a receiver which is not there.
func (c *Config) checkWebhooks(d *document, accounts accountBlocks) {
	for _, b := range accounts {
		if b.Webhook == nil {
			continue
		}
		if err := c.CheckWebhook(b.Webhook.To); err != nil {
			d.wrong("accounts."+b.name+".webhook.to", "%s", err)
		}
	}
}

// Check says what is wrong with sending a leg; with CheckWebhook it makes a configuration
// what campaign.ParseFile asks.
func (c *Config) Check(leg campaign.Leg) []campaign.Problem { return c.Accounts.Check(leg) }

// CheckWebhook says what is wrong with a receiver of this name.
func (c *Config) CheckWebhook(name string) error {
	switch _, found := c.Webhooks[name]; {
	case found:
		return nil
	case len(c.Webhooks) == 0:
		return fmt.Errorf("unknown receiver %q: the configuration has no webhooks", name)
	}
	return fmt.Errorf("unknown receiver %q: want one of the configuration's webhooks, %s", name, strings.Join(slices.Sorted(maps.Keys(c.Webhooks)), ", "))
}

// WebhookOf is who is told what becomes of a campaign's messages: whom it names, or else
// whom the account on its first leg does; nil: nobody.
func (c *Config) WebhookOf(of *campaign.Campaign) *campaign.Webhook {
	if of.Webhook != nil {
		return of.Webhook
	}
	return c.Accounts[of.Route[0].Account].Webhook
}
