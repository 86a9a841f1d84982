package infobip

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"

	"github.com/seed-438792ba/cascade/provider"
)

// authentic checks what the account's configuration asks of a callback, in constant
// time. That BASIC, headers of the profile and HMAC_SHA_256 are offered is documented;
// assumed is that the HMAC is over the raw body and written in hexadecimal digits or
// base64, for neither that nor its header's name is published.
func (p *Provider) authentic(r *http.Request, body []byte) error {
	if err := p.config.Authentic(r); err != nil {
		return err
	}
	key := p.config.CallbackHMACKey.Reveal()
	if key == "" {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	if !signed(r.Header.Get(p.config.CallbackHMACHeader), mac.Sum(nil)) {
		return provider.ErrNotAuthentic
	}
	return nil
}

func signed(header string, want []byte) bool {
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString} {
		if got, err := decode(header); err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}
