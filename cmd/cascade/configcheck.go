package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/config"
)

// configVariable names the configuration where no flag does.
const configVariable = "CASCADE_CONFIG"

// errNoConfig is for commands that are nothing without a configuration.
var errNoConfig = misuse(errors.New("no configuration was given: name its file with --config or $" + configVariable + " (cascade demo needs none)"))

// configFlag adds --config to a command.
func configFlag(cmd *cobra.Command) *string {
	return cmd.Flags().String("config", "", "the configuration's file (default $"+configVariable+")")
}

// configFile is the file that the flag or the environment names; "" if neither does.
func (p *program) configFile(flag string) string {
	if flag == "" {
		flag, _ = p.env(configVariable)
	}
	return flag
}

// loadConfig reads the configuration, or takes the defaults where no file is named.
func (p *program) loadConfig(flag string) (*config.Config, error) {
	file := p.configFile(flag)
	if file == "" {
		return config.Default(p.env)
	}
	c, err := config.Load(file, p.env)
	if mistakes := (*campaign.FileError)(nil); err != nil && !errors.As(err, &mistakes) {
		return nil, misuse(fmt.Errorf("%w. Name another file with --config or $%s", err, configVariable))
	}
	return c, err
}

// warn prints what works, but may not be meant.
func (p *program) warn(c *config.Config) {
	for _, w := range c.Warnings {
		fmt.Fprintln(p.errs, "cascade: warning:", w)
	}
}

func configCommand(p *program) *cobra.Command {
	return group("config", "Look at the configuration", configCheckCommand(p))
}

func configCheckCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Name every mistake in the configuration, or say what it comes to",
		Long:  "Name every mistake in the configuration, or say what it comes to. Nothing is connected to.",
		Args:  cobra.NoArgs,
	}
	file, output := configFlag(cmd), outputFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		c, err := p.loadConfig(*file)
		if err != nil {
			return err
		}
		p.warn(c)
		f := factsOf(p.configFile(*file), c)
		return p.print(*output, f, f.print)
	}
	return cmd
}

// configFacts are what a configuration comes to, without its secrets.
type configFacts struct {
	OK        bool          `json:"ok"`
	File      string        `json:"file,omitempty"`
	Redis     config.Redis  `json:"redis"`
	Listen    string        `json:"listen"`
	Metrics   string        `json:"metrics_listen,omitempty"`
	PublicURL string        `json:"public_url,omitempty"`
	IDKey     bool          `json:"id_key"` // given, and not made in Redis
	Tokens    []tokenFact   `json:"tokens"`
	Accounts  []accountFact `json:"accounts"`
	Lanes     []laneFact    `json:"lanes"`
	Webhooks  []webhookFact `json:"webhooks,omitempty"`
}

type tokenFact struct {
	Name string      `json:"name"`
	Role config.Role `json:"role"`
}

type accountFact struct {
	Name      string           `json:"name"`
	Provider  string           `json:"provider"`
	BaseURL   string           `json:"base_url,omitempty"`
	Limits    []campaign.Limit `json:"limits"`
	Callbacks string           `json:"callbacks,omitempty"` // the address to give to the provider
	Webhook   string           `json:"webhook,omitempty"`   // who is told of it
}

type webhookFact struct {
	Name     string `json:"name"`
	Host     string `json:"host"`
	Secrets  int    `json:"secrets"`
	Networks int    `json:"allow_networks"`
}

type laneFact struct {
	Lane        string           `json:"lane"`
	Limits      []campaign.Limit `json:"limits"`
	Concurrency int              `json:"concurrency"`
	Receipts    bool             `json:"receipts"`
}

func factsOf(file string, c *config.Config) configFacts {
	f := configFacts{
		OK: true, File: file, Redis: c.Redis, Listen: c.Listen, Metrics: c.MetricsListen, PublicURL: c.PublicURL, IDKey: c.IDKey != nil,
		Tokens: []tokenFact{}, Accounts: []accountFact{}, Lanes: []laneFact{}, Webhooks: webhookFacts(c.Webhooks),
	}
	for _, t := range c.Tokens {
		f.Tokens = append(f.Tokens, tokenFact{t.Name, t.Role})
	}
	for _, name := range c.Accounts.Names() {
		a := c.Accounts[name]
		fact := accountFact{Name: name, Provider: a.Provider, BaseURL: a.BaseURL, Limits: orEmpty(a.Limits)}
		if c.PublicURL != "" {
			fact.Callbacks = c.PublicURL + "/callbacks/" + name + "/CALLBACK_SECRET"
		}
		if a.Webhook != nil {
			fact.Webhook = a.Webhook.To
		}
		f.Accounts = append(f.Accounts, fact)
	}
	for _, l := range c.Lanes() {
		f.Lanes = append(f.Lanes, laneFact{l.Lane.String(), orEmpty(l.Limits), l.Concurrency, l.Receipts})
	}
	return f
}

// orEmpty is a list that JSON writes as one.
func orEmpty(limits []campaign.Limit) []campaign.Limit { return append([]campaign.Limit{}, limits...) }

func (f configFacts) print(out io.Writer) {
	name := f.File
	if name == "" {
		name = "no file, the defaults"
	}
	fmt.Fprintf(out, "%s: ok\n", name)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	row := func(what string, about ...string) { fmt.Fprintf(w, "  %s\t%s\n", what, strings.Join(about, "\t")) }
	row("redis", f.Redis.String())
	row("listen", f.Listen)
	if f.Metrics != "" {
		row("metrics_listen", f.Metrics)
	}
	row("public_url", either(f.PublicURL != "", f.PublicURL, "none"))
	row("id_key", either(f.IDKey, "given", "made once in Redis"))
	for _, t := range f.Tokens {
		row("token", t.Name, string(t.Role))
	}
	for _, a := range f.Accounts {
		row("account", a.Name, fmt.Sprintf("%s at %s, %s", a.Provider, either(a.BaseURL != "", a.BaseURL, "its own address"), limitsText(a.Limits)))
		if a.Callbacks != "" {
			row("callbacks", a.Name, a.Callbacks)
		}
		if a.Webhook != "" {
			row("tells", a.Name, a.Webhook)
		}
	}
	for _, l := range f.Lanes {
		row("lane", l.Lane, fmt.Sprintf("%s, %d at a time, %s", limitsText(l.Limits), l.Concurrency, either(l.Receipts, "receipts expected", "no receipts")))
	}
	for _, h := range f.Webhooks {
		row("webhook", h.Name, fmt.Sprintf("to %s, %s%s", h.Host, either(h.Secrets > 1, "signed with two secrets", "signed"),
			either(h.Networks > 0, ", networks of its own allowed", "")))
	}
	_ = w.Flush() // into memory
}

func limitsText(limits []campaign.Limit) string {
	if len(limits) == 0 {
		return "no limit of its own"
	}
	words := make([]string, 0, len(limits))
	for _, l := range limits {
		words = append(words, l.String())
	}
	return strings.Join(words, " ")
}

func either(first bool, one, other string) string {
	if first {
		return one
	}
	return other
}
