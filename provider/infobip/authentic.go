package infobip

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
)

// authentic checks what the account's configuration asks of a callback, in constant
// time. That BASIC and HMAC_SHA_256 are offered is documented; assumed is that the HMAC
// is over the raw body and written in hexadecimal digits or base64, for neither that nor
// its header's name is published.
func (p *Provider) authentic(r *http.Request, body []byte) error {
	if p.config.CallbackUser != "" {
		user, password, _ := r.BasicAuth()
		if same(user, p.config.CallbackUser)&same(password, p.config.CallbackPassword.Reveal()) != 1 {
			return errors.New("infobip: the callback does not bear callback_user and callback_password of the account")
		}
	}
	if key := p.config.CallbackHMACKey.Reveal(); key != "" {
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		if !signed(r.Header.Get(p.config.CallbackHMACHeader), mac.Sum(nil)) {
			return errors.New("infobip: the callback is not signed with callback_hmac_key of the account")
		}
	}
	return nil
}

// same is 1 if both are equal. It compares digests, so that the time does not tell how
// long the secret is.
func same(got, want string) int {
	a, b := sha256.Sum256([]byte(got)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:])
}

func signed(header string, want []byte) bool {
	for _, decode := range []func(string) ([]byte, error){hex.DecodeString, base64.StdEncoding.DecodeString} {
		if got, err := decode(header); err == nil && hmac.Equal(got, want) {
			return true
		}
	}
	return false
}
