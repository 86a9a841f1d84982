package config

import (
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// What a file that does not say otherwise gets.
const (
	DefaultRedis       = "redis://127.0.0.1:6379/0"
	DefaultListen      = "127.0.0.1:8080"
	DefaultConcurrency = 32 // requests at a time, of each lane and process
)

// maxFile is how large a configuration may be, in bytes.
const maxFile = 1 << 20

// Env looks up a variable of the environment, as os.LookupEnv does.
type Env func(name string) (value string, there bool)

// Config is a deployment's configuration, checked. However it is printed, it shows no
// secret.
type Config struct {
	Redis  Redis
	Listen string // host:port of the one listener
	// MetricsListen is host:port of a second listener, for those who watch: /metrics,
	// /livez and /readyz, without a token, in a process of any role; "": none.
	MetricsListen string
	PublicURL     string          // where providers reach /callbacks, without a slash at its end; "": nowhere
	IDKey         *campaign.IDKey `json:"-"` // nil: made once in Redis
	Tokens        []Token         // of the API
	Accounts      Accounts        // by name
	Webhooks      Webhooks        // by name
	StopWords     campaign.StopWords
	Dashboard     Dashboard
	Warnings      []string // what works, but may not be meant
}

// Load reads the file at path. Of the variables, CASCADE_REDIS, CASCADE_LISTEN and
// CASCADE_METRICS_LISTEN go before what the file says. A file that can be read but not used gives a
// *campaign.FileError with every mistake.
func Load(path string, env Env) (*Config, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return Parse(path, data, env)
}

// Parse is Load for a text; the name is for errors only.
func Parse(name string, data []byte, env Env) (*Config, error) {
	d := &document{env: env, places: map[string]place{}}
	var f file
	if len(data) > maxFile {
		d.problems = append(d.problems, campaign.Problem{Text: fmt.Sprintf("more than %d bytes: this is no configuration", maxFile)})
	} else {
		d.read(data, &f)
	}
	c := f.config(d)
	if err := d.err(name); err != nil {
		return nil, err
	}
	return c, nil
}

// Default is the configuration without a file: the embedded Redis, no account. The
// environment counts here as well.
func Default(env Env) (*Config, error) {
	return Parse("environment", []byte("redis: "+embedded), env)
}

// file is the configuration as it is written.
type file struct {
	Redis         Redis         `yaml:"redis"`
	Listen        listen        `yaml:"listen"`
	MetricsListen listen        `yaml:"metrics_listen"`
	PublicURL     publicURL     `yaml:"public_url"`
	IDKey         *idKey        `yaml:"id_key"`
	Tokens        []Token       `yaml:"tokens"`
	StopWords     []stopWord    `yaml:"stop_words"`
	Webhooks      webhookBlocks `yaml:"webhooks"`
	Dashboard     dashboard     `yaml:"dashboard"`
	Accounts      accountBlocks `yaml:"accounts"`
}

func (f *file) config(d *document) *Config {
	d.override("CASCADE_REDIS", &f.Redis)
	d.override("CASCADE_LISTEN", &f.Listen)
	d.override("CASCADE_METRICS_LISTEN", &f.MetricsListen)
	c := &Config{
		Redis:         f.Redis,
		Listen:        string(f.Listen),
		MetricsListen: string(f.MetricsListen),
		PublicURL:     string(f.PublicURL),
		IDKey:         (*campaign.IDKey)(f.IDKey),
		Tokens:        f.Tokens,
		Accounts:      Accounts{},
		Webhooks:      Webhooks{},
	}
	if c.Redis == (Redis{}) {
		c.Redis = Redis{provider.NewSecret(DefaultRedis)}
	}
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	c.StopWords = stopWords(f.StopWords)
	c.Dashboard = f.Dashboard.settings(c.PublicURL)
	checkTokens(d, c.Tokens)
	c.checkOpen(d)
	for _, b := range f.Accounts {
		c.Accounts[b.name] = b.account()
	}
	for _, b := range f.Webhooks {
		c.Webhooks[b.name] = b.receiver()
	}
	c.checkWebhooks(d, f.Accounts)
	c.nameSecrets(d)
	return c
}

// nameSecrets sees to it that every account has a secret for its callbacks. Where
// providers can reach us it must be given, for it stands in the address that they are
// told, and all processes must know the same.
func (c *Config) nameSecrets(d *document) {
	for _, name := range c.Accounts.Names() {
		a := c.Accounts[name]
		path := "accounts." + name + ".callback_secret"
		switch {
		case len(a.CallbackSecrets) > 0 || d.has(path):
		case c.PublicURL != "":
			d.wrong(path, "missing, and public_url is set: %s", howToMakeSecret)
		default:
			a.CallbackSecrets = []provider.Secret{provider.NewSecret(rand.Text())}
			c.Accounts[name] = a
			c.Warnings = append(c.Warnings, fmt.Sprintf(
				"%s: missing: one was made up for this process, so receipts can't reach it from a provider; set it together with public_url", path))
		}
	}
}

// Names lists the accounts' names, sorted.
func (as Accounts) Names() []string {
	names := make([]string, 0, len(as))
	for name := range as {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
