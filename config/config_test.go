package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

const (
	apiKey = "qlara-key-of-the-test"
	secret = "0123456789abcdef0123456789abcdef"
)

// environment is what the tests' files refer to.
func environment(more ...string) Env {
	variables := map[string]string{"QLARA_API_KEY": apiKey, "QLARA_CALLBACK_SECRET": secret}
	for i := 0; i < len(more); i += 2 {
		variables[more[i]] = more[i+1]
	}
	return func(name string) (string, bool) {
		value, there := variables[name]
		return value, there
	}
}

func parse(t *testing.T, text string, more ...string) *Config {
	t.Helper()
	c, err := Parse("cascade.yaml", []byte(text), environment(more...))
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return c
}

const full = `
redis: rediss://u:hush@redis.example:6380/2
listen: ":9000"
public_url: https://cascade.example.com/
id_key: 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
tokens:
  - {name: crm, role: operator, token: "${CASCADE_TOKEN}"}
accounts:
  qlara:
    provider: qlara
    base_url: https://lora-api.agiletelecom.com/api
    api_key: ${QLARA_API_KEY}
    callback_secret:
      - ${QLARA_CALLBACK_SECRET}
      - fedcba9876543210fedcba9876543210
    limits: [50/1s, 1000/1m]
    whatsapp: {phone_number_id: "${PHONE}", limits: [80/1s], concurrency: 64}
    rcs: {agent_id: 1, receipts: none}
    sms: {sender: MyBrand, limits: 10/1s}
`

func TestEverything(t *testing.T) {
	t.Parallel()
	c := parse(t, full, "CASCADE_TOKEN", "a-token-of-the-test", "PHONE", "5")
	limit := func(n int, w time.Duration) campaign.Limit { return campaign.Limit{N: n, Window: w} }
	account := []campaign.Limit{limit(50, time.Second), limit(1000, time.Minute)}
	lane := func(ch campaign.Channel) campaign.Lane { return campaign.Lane{Account: "qlara", Channel: ch} }
	want := []Lane{
		{lane(campaign.WhatsApp), []campaign.Limit{limit(80, time.Second)}, account, 64, true},
		{lane(campaign.RCS), nil, account, 32, false},
		{lane(campaign.SMS), []campaign.Limit{limit(10, time.Second)}, account, 32, true},
	}
	if diff := cmp.Diff(want, c.Lanes()); diff != "" {
		t.Errorf("lanes differ (-want +got):\n%s", diff)
	}
	for _, x := range []struct{ what, got, want string }{
		{"redis", c.Redis.Address(), "rediss://u:hush@redis.example:6380/2"},
		{"redis as printed", c.Redis.String(), "rediss://***@redis.example:6380/2"},
		{"listen", c.Listen, ":9000"},
		{"public_url", c.PublicURL, "https://cascade.example.com"},
		{"token", fmt.Sprint(c.Tokens[0].Name, " ", c.Tokens[0].Role, " ", c.Tokens[0].Token.Reveal()), "crm operator a-token-of-the-test"},
		{"second secret", c.Accounts["qlara"].CallbackSecrets[1].Reveal(), "fedcba9876543210fedcba9876543210"},
		{"id_key", fmt.Sprintf("%x", c.IDKey[30:]), "1e1f"},
		{"warnings", strings.Join(c.Warnings, "\n"), ""},
	} {
		if x.got != x.want {
			t.Errorf("%s: got %q, want %q", x.what, x.got, x.want)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := parse(t, "accounts: {qlara: {provider: qlara, api_key: k, sms: {sender: MyBrand}}}")
	if c.Redis.Address() != DefaultRedis || c.Redis.Embedded() || c.Listen != DefaultListen || c.IDKey != nil {
		t.Errorf("redis %s, listen %s, id key %v; want the defaults", c.Redis, c.Listen, c.IDKey)
	}
	lane := c.Lanes()[0]
	if got := fmt.Sprint(lane.AccountLimits, lane.Limits, lane.Concurrency, lane.Receipts); got != "[50/1s 1000/1m] [] 32 true" {
		t.Errorf("lane %s; want Qlara's published limits, 32 at a time, receipts", got)
	}
	if s := c.Accounts["qlara"].CallbackSecrets; len(s) != 1 || len(s[0].Reveal()) < minSecret {
		t.Errorf("%d callback secrets, want one made up", len(s))
	}
	if len(c.Warnings) != 1 || !strings.HasPrefix(c.Warnings[0], "accounts.qlara.callback_secret: missing") {
		t.Errorf("warnings %q, want one about the callback secret", c.Warnings)
	}
}

func TestWithoutTokensOnlyThisMachineIsPublic(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:8080", "http://localhost", "https://[::1]:8443"} {
		if c := parse(t, "public_url: "+address); c.PublicURL != address {
			t.Errorf("public_url %q, want %s", c.PublicURL, address)
		}
	}
}

func TestWithoutFile(t *testing.T) {
	t.Parallel()
	c, err := Default(environment())
	if err != nil || !c.Redis.Embedded() || len(c.Lanes()) != 0 {
		t.Errorf("redis %s, %d lanes, error %v; want the embedded one and none", c.Redis, len(c.Lanes()), err)
	}
}

func TestEnvironmentGoesFirst(t *testing.T) {
	t.Parallel()
	c := parse(t, "redis: embedded\nlisten: :1", "CASCADE_REDIS", "redis://other:6379", "CASCADE_LISTEN", ":2", "CASCADE_METRICS_LISTEN", ":3")
	if c.Redis.Address() != "redis://other:6379" || c.Listen != ":2" || c.MetricsListen != ":3" {
		t.Errorf("redis %s, listen %s, metrics_listen %s; want those of the environment", c.Redis, c.Listen, c.MetricsListen)
	}
	_, err := Parse("cascade.yaml", nil, environment("CASCADE_LISTEN", "nowhere"))
	want := "cascade.yaml: CASCADE_LISTEN: want an address and a port, as in 127.0.0.1:8080 (this is a variable of the environment, not of the file)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDollars(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"$$":              "$",
		"a$b":             "a$b",
		"$${KEY}":         "${KEY}",
		"a${KEY}b$$":      "avalueb$",
		"${KEY}${KEY}":    "valuevalue",
		"${HOLDS}":        "${KEY}", // what comes from the environment is not read again
		"5 $ and $1 more": "5 $ and $1 more",
	} {
		d := &document{env: environment("KEY", "value", "HOLDS", "${KEY}")}
		if got := d.expand("p", text); got != want || len(d.problems) > 0 {
			t.Errorf("expand %q: %q, %v; want %q", text, got, d.problems, want)
		}
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c := parse(t, full, "CASCADE_TOKEN", "a-token-of-the-test", "PHONE", "5")
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("config", "config", c, "account", c.Accounts["qlara"])
	for _, shown := range []string{fmt.Sprintf("%v %+v %#v", *c, *c, *c), fmt.Sprint(c.Accounts, c.Tokens), log.String()} {
		for _, hidden := range []string{apiKey, secret, "hush", "a-token-of-the-test", "fedcba98", "28,29,30,31", "28 29 30 31"} {
			if strings.Contains(shown, hidden) {
				t.Errorf("%q is shown in %s", hidden, shown)
			}
		}
	}
}

func TestNoErrorShowsWhatCameFromTheEnvironment(t *testing.T) {
	t.Parallel()
	const text = `
redis: ${S}
listen: ${S}
public_url: ${S}
id_key: ${S}
tokens: [{name: x, role: "${S}", token: "${SHORT}"}]
accounts:
  qlara:
    provider: qlara
    base_url: ${S}
    api_key: ${S}
    callback_secret: ["${S}", "${SHORT}"]
    limits: ["${S}"]
    whatsapp: {phone_number_id: "${S}", concurrency: "${S}", receipts: "${S}"}
    sms: {sender: "${S}"}
  other: {provider: "${S}"}
`
	_, err := Parse("cascade.yaml", []byte(text), environment("S", "se cr\"et", "SHORT", "tiny"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, hidden := range []string{"se cr", "tiny"} {
		if strings.Contains(err.Error(), hidden) {
			t.Errorf("%q is shown in\n%v", hidden, err)
		}
	}
}

func TestUnreadableFile(t *testing.T) {
	t.Parallel()
	_, err := Load("testdata/absent.yaml", environment())
	if file := (*campaign.FileError)(nil); err == nil || errors.As(err, &file) {
		t.Errorf("error %v, want one that says the file cannot be read", err)
	}
}

func TestProviders(t *testing.T) {
	t.Parallel()
	c := parse(t, full, "CASCADE_TOKEN", "a-token-of-the-test", "PHONE", "5")
	adapters, err := c.Providers(provider.ClientOptions{})
	if err != nil || len(adapters) != 1 || adapters["qlara"] == nil {
		t.Fatalf("adapters %v, error %v; want one of qlara", adapters, err)
	}
	if got := c.Accounts["qlara"].concurrency(); got != 128 {
		t.Errorf("the account keeps %d connections, want 64 + 32 + 32", got)
	}
}

func TestLegs(t *testing.T) {
	t.Parallel()
	c := parse(t, "accounts: {qlara: {provider: qlara, api_key: k, whatsapp: {phone_number_id: 5}}}")
	for _, x := range []struct {
		leg  campaign.Leg
		want []campaign.Problem
	}{
		{campaign.Leg{Channel: campaign.WhatsApp, Account: "qlara", Content: campaign.Content{Template: &campaign.Template{ID: 42}}}, nil},
		{campaign.Leg{Channel: campaign.SMS, Account: "qlara", Content: campaign.Content{Text: "Ciao"}},
			[]campaign.Problem{{Text: "the account has no sms: add its block to the configuration"}}},
		{campaign.Leg{Channel: campaign.WhatsApp, Account: "qlara", Content: campaign.Content{Template: &campaign.Template{Name: "sale"}}},
			[]campaign.Problem{{Text: "Qlara knows a template by its number: give template.id; Qlara knows a template by its number only: remove template.name and template.language"}}},
		{campaign.Leg{Channel: campaign.SMS, Account: "qlarra"},
			[]campaign.Problem{{Path: "account", Text: `unknown account "qlarra": want one of the configuration's, qlara`}}},
	} {
		if diff := cmp.Diff(x.want, c.Accounts.Check(x.leg)); diff != "" {
			t.Errorf("%s leg of %s (-want +got):\n%s", x.leg.Channel, x.leg.Account, diff)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"http://127.0.0.1:9090/api":             true,
		"http://127.8.9.10":                     true,
		"http://[::1]:9090":                     true,
		"http://[::ffff:127.0.0.1]:9090":        true,
		"http://localhost:9090":                 true,
		"":                                      false,
		"https://lora-api.agiletelecom.com/api": false,
		"http://localhost.example.com":          false,
		"http://127.0.0.1.example.com":          false,
		"http://0.0.0.0:9090":                   false,
		"http://10.0.0.1":                       false,
	} {
		if got := (Account{BaseURL: address}).IsLoopback(); got != want {
			t.Errorf("%q is on loopback: %v, want %v", address, got, want)
		}
	}
}

func TestStopWords(t *testing.T) {
	c := parse(t, "stop_words: [nie wieder, \"Não quero\"]")
	if !c.StopWords.Has("NIE WIEDER!") || !c.StopWords.Has("nao quero") || !c.StopWords.Has("stop") || c.StopWords.Has("ja") {
		t.Errorf("the stop words are %+v", c.StopWords)
	}
	if _, err := Parse("f", []byte("stop_words: [ok, \".\"]"), environment()); err == nil || !strings.Contains(err.Error(), "stop_words[1]") {
		t.Errorf("a stop word that nobody can write: %v", err)
	}
}
