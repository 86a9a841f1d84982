package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-438792ba/cascade/campaign"
)

// account is a block that lacks nothing, for mistakes beside it.
const account = "{provider: qlara, api_key: k, callback_secret: 0123456789abcdef, sms: {sender: MyBrand}}"

const (
	wantSecret = "want at least 16 characters that nobody can guess: make them with openssl rand -hex 16"
	wantURL    = "want an address as https://cascade.example.com, without a user, a query or a fragment"
	wantTokens = "others reach this address, and there are no tokens: whoever comes through a proxy on this machine would be admin. " +
		`Add tokens, as in tokens: [{name: ann, role: admin, token: "${ANN_TOKEN}"}], each made with openssl rand -hex 16, or leave public_url out`
	wantLimit = "want a count and a window, as in 50/1s, 1000/1m or 2000/1d"
)

func TestEachMistake(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ text, want string }{
		{"redis: localhost", "1:8: redis: want an address, as in redis://127.0.0.1:6379/0, or embedded"},
		{"redis: http://localhost", "1:8: redis: unknown form: want redis://, rediss://, redis-sentinel:// or redis-cluster://, as in redis://127.0.0.1:6379/0"},
		{"redis: redis://h/x", "1:8: redis: the database must be a number, as the 0 in redis://127.0.0.1:6379/0"},
		{"redis: [a]", "1:1: redis: want a single value"},
		{"redis: {a: b}", "1:1: redis: want a single value"},
		{"redis: ${NO_SUCH}", "1:8: redis: the environment lacks ${NO_SUCH}: set it, or write $$ for a dollar sign"},
		{"redis: redis://${A}:${B}@h", "1:8: redis: the environment lacks ${A}, ${B}: set it, or write $$ for a dollar sign"},
		{"redis: redis://${no-name}", "1:8: redis: want ${NAME} for a variable of the environment, or $$ for a dollar sign"},
		{"listen: 8080", "1:9: listen: want an address and a port, as in 127.0.0.1:8080"},
		{"listen: ':http'", "1:9: listen: want an address and a port, as in 127.0.0.1:8080"},
		{"public_url: cascade.example.com", "1:13: public_url: " + wantURL},
		{"public_url: https://u:p@cascade.example.com", "1:13: public_url: " + wantURL},
		{"public_url: https://cascade.example.com/?x=1", "1:13: public_url: " + wantURL},
		{"public_url: https://cascade.example.com", "1:13: public_url: " + wantTokens},
		{"public_url: http://10.0.0.7:8080\ntokens: []", "1:13: public_url: " + wantTokens},
		{"public_url: https://cascade.example.com\ntokens: crm", "2:9: tokens: want a list"},
		{"id_key: 00010203", "1:9: id_key: want 64 hexadecimal digits: make them with openssl rand -hex 32"},
		{"id_key: " + strings.Repeat("xy", 32), "1:9: id_key: want 64 hexadecimal digits: make them with openssl rand -hex 32"},
		{"lisen: :80", "1:1: lisen: unknown key: want one of redis, listen, metrics_listen, public_url, id_key, tokens, stop_words, webhooks, dashboard, accounts"},
		{"listen: :80\nlisten: :81", "2:1: listen: the key is there twice: want it once"},
		{"redis: &r embedded", "1:1: redis: want a plain value, a list or a mapping: anchors, aliases and tags are not read"},
		{"- redis", "1:1: want a mapping, as in key: value"},
		{"a: b: c", "1:4: this is no YAML: mapping value is not allowed in this context"},
		{"---\nlisten: :1\n---\nlisten: :2", "1:1: there are 2 documents in the file: want one"},

		{"tokens: crm", "1:9: tokens: want a list"},
		{"tokens: [crm]", "1:10: tokens[0]: want a mapping, as in key: value"},
		{"tokens:\n- {role: viewer, token: 0123456789abcdef}", "2:3: tokens[0].name: missing: want a name, as crm"},
		{"tokens:\n- {name: a, token: 0123456789abcdef}", "2:3: tokens[0].role: missing: want viewer, operator or admin"},
		{"tokens:\n- {name: a, role: boss, token: 0123456789abcdef}", `2:19: tokens[0].role: role "boss": want viewer, operator or admin`},
		{"tokens:\n- name: a\n  role: admin", "2:3: tokens[0].token: missing: make one with openssl rand -hex 16, and give it as ${NAME} from the environment"},
		{"tokens:\n- {name: a, role: admin, token: tiny}", "2:33: tokens[0].token: too short: " + wantSecret},
		{"tokens:\n- {name: a, role: admin, token: 'one two three four'}", "2:33: tokens[0].token: it holds a space or a sign that no header carries: want letters, digits and signs of ASCII"},
		{"tokens:\n- {name: a, role: admin, token: 0123456789abcdef}\n- {name: a, role: admin, token: 1123456789abcdef}", "3:10: tokens[1].name: another token has this name: want each once"},
		{"tokens:\n- {name: a, role: admin, token: 0123456789abcdef}\n- {name: b, role: admin, token: 0123456789abcdef}", "3:33: tokens[1].token: another entry has the same token: want one for each"},

		{"accounts: [qlara]", "1:1: accounts: want a mapping, as in key: value"},
		{"accounts: {qlara: x}", "1:19: accounts.qlara: want a mapping, as in key: value"},
		{"accounts: {a.b: " + account + "}", "1:12: accounts.a.b: want a name of small letters, digits, - and _, at most 40"},
		{"accounts:\n  qlara:\n    api_key: k", "2:3: accounts.qlara.provider: missing: want " + providerNames()},
		{"accounts: {x: {provider: qlarra}}", `1:26: accounts.x.provider: unknown provider "qlarra": want ` + providerNames()},
	} {
		_, err := Parse("f", []byte(x.text), environment())
		if err == nil || err.Error() != "f:"+x.want {
			t.Errorf("%s\ngot  %v\nwant f:%s", x.text, err, x.want)
		}
	}
}

// TestEachMistakeInAnAccount spoils the account block, which stands on line 1.
func TestEachMistakeInAnAccount(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ was, is, want string }{
		{"api_key: k, ", "", "12: accounts.q.api_key: missing, or it holds a space or a sign that no key has"},
		{"api_key: k", "api_key: '${NO_SUCH}'", "42: accounts.q.api_key: the environment lacks ${NO_SUCH}: set it, or write $$ for a dollar sign"},
		{"api_key: k", "api_kei: k", "33: accounts.q.api_kei: unknown key: want one of provider, base_url, callback_secret, limits, webhook, whatsapp, rcs, sms, api_key, simulation"},
		{"0123456789abcdef", "tiny", "62: accounts.q.callback_secret: too short: " + wantSecret},
		{"0123456789abcdef", "0123456789/abcdef", "62: accounts.q.callback_secret: it stands in an address: want letters, digits, - and _ only, as openssl rand -hex 16 makes them"},
		{"0123456789abcdef", "[0123456789abcdef, 1123456789abcdef, 2123456789abcdef]", "45: accounts.q.callback_secret: 3 secrets: want one, or two while one takes the other's place"},
		{"api_key", "limits: 50, api_key", `41: accounts.q.limits: limit "50": ` + wantLimit},
		{"api_key", "limits: [50/1s, x], api_key", `49: accounts.q.limits[1]: limit "x": ` + wantLimit},
		{"sms: {sender: MyBrand}", "", "12: accounts.q.whatsapp: the account has no channel: add whatsapp, rcs or sms"},
		{"{sender: MyBrand}", "{}", "80: accounts.q.sms.sender: want up to 11 letters, digits or spaces with a letter among them, or a number as +39…, or a short code"},
		{"api_key", "simulation: yes, api_key", `45: accounts.q.simulation: "yes": want true or false`},
		{"sender", "enable_notification: false, sender", "107: accounts.q.sms.enable_notification: without notifications no receipt comes, and every leg's wait would run out: want receipts: none beside it, or leave it out"},
		{"sender", "limit: 5, sender", "86: accounts.q.sms.limit: unknown key: want one of limits, concurrency, receipts, sender, enable_notification"},
		{"sender", "concurrency: 0, sender", `99: accounts.q.sms.concurrency: "0": want how many requests may be on their way at once, from 1 to 1000`},
		{"sender", "receipts: maybe, sender", `96: accounts.q.sms.receipts: "maybe": want expected or none`},
		{"sms", "whatsapp: {phone_number_id: five}, sms", `108: accounts.q.whatsapp.phone_number_id: "five": want a whole number`},
	} {
		text := "accounts: {q: " + strings.Replace(account, x.was, x.is, 1) + "}"
		_, err := Parse("f", []byte(text), environment())
		if err == nil || !strings.HasSuffix(err.Error(), "f:1:"+x.want) {
			t.Errorf("%s\ngot  %v\nwant it to end with f:1:%s", text, err, x.want)
		}
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	const text = `listne: :80
public_url: https://cascade.example.com
accounts:
  one:
    provider: qlara
    api_key: ${NO_SUCH}
    limits: [50/s]
    whatsapp: {phone_number_id: 5, limits: [80/1s, many]}
  two:
    provider: other
    api_key: ${NOR_THIS}
`
	_, err := Parse("cascade.yaml", []byte(text), environment())
	var file *campaign.FileError
	if !errors.As(err, &file) {
		t.Fatalf("error %v, want a *campaign.FileError", err)
	}
	want := `cascade.yaml: 8 mistakes
  cascade.yaml:1:1: listne: unknown key: want one of redis, listen, metrics_listen, public_url, id_key, tokens, stop_words, webhooks, dashboard, accounts
  cascade.yaml:2:13: public_url: ` + wantTokens + `
  cascade.yaml:4:3: accounts.one.callback_secret: missing, and public_url is set: want at least 16 characters that nobody can guess: make them with openssl rand -hex 16
  cascade.yaml:6:14: accounts.one.api_key: the environment lacks ${NO_SUCH}: set it, or write $$ for a dollar sign
  cascade.yaml:7:14: accounts.one.limits[0]: limit "50/s": want a window of at least 1ms, as in 1s, 1m, 1h or 1d
  cascade.yaml:8:52: accounts.one.whatsapp.limits[1]: limit "many": want a count and a window, as in 50/1s, 1000/1m or 2000/1d
  cascade.yaml:10:15: accounts.two.provider: unknown provider "other": want ` + providerNames() + `
  cascade.yaml:11:14: accounts.two.api_key: the environment lacks ${NOR_THIS}: set it, or write $$ for a dollar sign`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("mistakes differ (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("accounts: {q: " + account + "}"))
	f.Add([]byte("a: &x [*x]\n? [b]\n: {c: !!int d, <<: *x}"))
	env := environment()
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("f", data, env)
		if err != nil {
			return
		}
		if _, err := Parse("f", data, env); err != nil || c.Redis.Address() == "" || c.Listen == "" {
			t.Errorf("accepted once, then %v; redis %s, listen %q", err, c.Redis, c.Listen)
		}
	})
}
