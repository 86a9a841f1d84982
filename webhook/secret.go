package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/provider"
)

// secretMark opens a secret in the Standard Webhooks form; base64 of 24 to 64 bytes follows.
const (
	secretMark  = "whsec_"
	leastSecret = 24
	mostSecret  = 64
)

var errSecret = errors.New(`want whsec_ and base64 of 24 to 64 bytes that nobody can guess: make it with echo "whsec_$(openssl rand -base64 32)"`)

// Secret is a key that the receiver knows as well. However it is printed, it shows nothing.
type Secret struct{ provider.Secret }

// UnmarshalText reads the Standard Webhooks form, as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.
func (s *Secret) UnmarshalText(b []byte) error {
	encoded, marked := strings.CutPrefix(string(b), secretMark)
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !marked || err != nil || len(key) < leastSecret || len(key) > mostSecret {
		return errSecret
	}
	s.Secret = provider.NewSecret(string(key))
	return nil
}

// Sign gives the header webhook-signature of a body: the scheme v1 (HMAC-SHA256 of the id,
// the seconds of Unix time and the body, joined by dots) with each of the secrets, so that
// a receiver that knows one of them is content.
func Sign(id string, at time.Time, body []byte, secrets ...Secret) string {
	signatures := make([]string, len(secrets))
	for i, s := range secrets {
		mac := hmac.New(sha256.New, []byte(s.Reveal()))
		mac.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}
