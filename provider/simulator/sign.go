package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Signing is what a provider's callbacks bear besides the secret in their address.
type Signing struct {
	User, Password      string // basic authentication
	Header, Value       string // a header that is always the same
	HMACHeader, HMACKey string // a header with the HMAC_SHA_256 of the body, in hexadecimal digits
}

// The kinds of signing, as ParseSigning reads them.
const (
	basicSigning  = "basic"
	headerSigning = "header"
	hmacSigning   = "hmac"
)

// ParseSigning reads basic:USER:PASSWORD, header:NAME:VALUE or hmac:HEADER:KEY into s. No
// error quotes what may be a secret.
func (s *Signing) ParseSigning(text string) error {
	kind, rest, _ := strings.Cut(text, ":")
	name, secret, both := strings.Cut(rest, ":")
	if !both || name == "" || secret == "" {
		return errors.New("want basic:USER:PASSWORD, header:NAME:VALUE or hmac:HEADER:KEY")
	}
	switch kind {
	case basicSigning:
		s.User, s.Password = name, secret
	case headerSigning:
		s.Header, s.Value = name, secret
	case hmacSigning:
		s.HMACHeader, s.HMACKey = name, secret
	default:
		return fmt.Errorf("want %s, %s or %s, and a colon", basicSigning, headerSigning, hmacSigning)
	}
	return nil
}

// kinds are those of the signing's parts that are set.
func (s Signing) kinds() (kinds []string) {
	for kind, name := range map[string]string{basicSigning: s.User, headerSigning: s.Header, hmacSigning: s.HMACHeader} {
		if name != "" {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// checkSigning refuses what the provider does not document: a receiver that asked for it
// would never hear of it.
func checkSigning(all map[string]Signing) error {
	var errs []error
	for _, p := range Providers() {
		for _, kind := range all[p.Name].kinds() {
			if !slices.Contains(p.Signs, kind) {
				errs = append(errs, fmt.Errorf("%s's callbacks bear no %s", p.Title, kind))
			}
		}
	}
	return errors.Join(errs...)
}

// sign adds to a callback what it is to bear.
func (s Signing) sign(r *http.Request, body []byte) {
	if s.User != "" {
		r.SetBasicAuth(s.User, s.Password)
	}
	if s.Header != "" {
		r.Header.Set(s.Header, s.Value)
	}
	if s.HMACHeader != "" {
		mac := hmac.New(sha256.New, []byte(s.HMACKey))
		mac.Write(body)
		r.Header.Set(s.HMACHeader, hex.EncodeToString(mac.Sum(nil)))
	}
}
