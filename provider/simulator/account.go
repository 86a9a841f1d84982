package simulator

import (
	"cmp"
	"strings"
)

// Account is whom a credential belongs to. The credential is the API key, and with WAB
// the user's name and password as name:password.
type Account struct {
	Name      string // in the log; "": a fingerprint of the credential
	Callbacks string // where its receipts go; "": where its provider's go
}

// named gives every account a name, by credential.
func named(seed uint64, accounts map[string]Account) map[string]Account {
	out := make(map[string]Account, len(accounts))
	for credential, a := range accounts {
		a.Name = cmp.Or(a.Name, nameOf(seed, credential))
		out[credential] = a
	}
	return out
}

// nameOf stands for a credential in the log.
func nameOf(seed uint64, credential string) string {
	return "key-" + fingerprintOf(seed, "credential", credential).String()[:8]
}

// account says whose a credential is, and whether it is let in.
func (s *Simulator) account(credential string) (name string, known bool) {
	if len(s.opts.Accounts) > 0 {
		a, known := s.opts.Accounts[credential]
		return a.Name, known
	}
	if credential == "" {
		return "", false
	}
	return nameOf(s.opts.Seed, credential), !strings.HasPrefix(credential, "bad")
}
