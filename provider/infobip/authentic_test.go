package infobip

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/provider/providertest"
)

func TestAuthenticity(t *testing.T) {
	const user, password, key, header = "cascade", "hush-password", "hush-key", "X-Signature"
	body := string(providertest.Example(t, "sms-dlr-callback"))
	sum := func(key, body string) []byte {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte(body))
		return mac.Sum(nil)
	}
	type edit func(*http.Request)
	basic := func(user, password string) edit {
		return func(r *http.Request) { r.SetBasicAuth(user, password) }
	}
	sign := func(value string) edit { return func(r *http.Request) { r.Header.Set(header, value) } }
	none := func(*http.Request) {}
	good := hex.EncodeToString(sum(key, body))

	withBasic, withHMAC := account("http://127.0.0.1:1"), account("http://127.0.0.1:1")
	withBasic.Credentials = provider.Credentials{User: user, Password: provider.NewSecret(password)}
	withHMAC.CallbackHMACHeader, withHMAC.CallbackHMACKey = header, provider.NewSecret(key)
	withBoth := withBasic
	withBoth.CallbackHMACHeader, withBoth.CallbackHMACKey = header, provider.NewSecret(key)

	for _, c := range []struct {
		name   string
		config Config
		edits  []edit
		want   bool
	}{
		{"nothing asked", account("http://127.0.0.1:1"), []edit{none}, true},
		{"nothing asked, something brought", account("http://127.0.0.1:1"), []edit{basic("x", "y"), sign("z")}, true},
		{"basic", withBasic, []edit{basic(user, password)}, true},
		{"basic missing", withBasic, []edit{none}, false},
		{"basic, wrong user", withBasic, []edit{basic("cascad", password)}, false},
		{"basic, wrong password", withBasic, []edit{basic(user, password+" ")}, false},
		{"basic, empty", withBasic, []edit{basic("", "")}, false},
		{"signed in hex", withHMAC, []edit{sign(good)}, true},
		{"signed in HEX", withHMAC, []edit{sign(strings.ToUpper(good))}, true},
		{"signed in base64", withHMAC, []edit{sign(base64.StdEncoding.EncodeToString(sum(key, body)))}, true},
		{"signature missing", withHMAC, []edit{none}, false},
		{"signature empty", withHMAC, []edit{sign("")}, false},
		{"signature cut", withHMAC, []edit{sign(good[:62])}, false},
		{"signed with another key", withHMAC, []edit{sign(hex.EncodeToString(sum("other", body)))}, false},
		{"another body signed", withHMAC, []edit{sign(hex.EncodeToString(sum(key, body+" ")))}, false},
		{"both", withBoth, []edit{basic(user, password), sign(good)}, true},
		{"both asked, basic alone", withBoth, []edit{basic(user, password)}, false},
		{"both asked, signature alone", withBoth, []edit{sign(good)}, false},
	} {
		p, err := New(c.config, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := providertest.Post("application/json", body)
		for _, e := range c.edits {
			e(r)
		}
		receipts, ack, err := p.Receipts(r)
		if c.want {
			if err != nil || len(receipts) != 2 || ack != (provider.Ack{}) {
				t.Errorf("%s: %d receipts, ack %+v, error %v; want 2", c.name, len(receipts), ack, err)
			}
			continue
		}
		if err == nil || len(receipts) != 0 || ack.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d receipts, ack %+v, error %v; want none, 401 and an error", c.name, len(receipts), ack, err)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: error %q shows a secret", c.name, err)
		}
	}
}
