package api

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"sync/atomic"

	"github.com/seed-438792ba/cascade/provider"
)

// Account is a provider's account as its callbacks see it.
type Account struct {
	Secrets  []provider.Secret // in the path of its callbacks; one, or two for rotation
	Reporter provider.Reporter
	Codes    provider.Explainer // what reasons mean; nil: nobody knows
}

// account is an Account at work.
type account struct {
	name     string
	reporter provider.Reporter
	codes    provider.Explainer
	keys     [2][sha256.Size]byte
	counts   [resultCount]atomic.Uint64
}

// newAccounts also makes a stranger, whom no secret opens. It takes the same time to
// find that out.
func newAccounts(configured map[string]Account) (all map[string]*account, stranger *account, err error) {
	stranger = &account{}
	for i := range stranger.keys {
		rand.Read(stranger.keys[i][:])
	}
	all = make(map[string]*account, len(configured))
	for name, c := range configured {
		if c.Reporter == nil || len(c.Secrets) < 1 || len(c.Secrets) > 2 {
			return nil, nil, fmt.Errorf("account %q wants a reporter, and one or two callback secrets", name)
		}
		a := &account{name: name, reporter: c.Reporter, codes: c.Codes}
		for i := range a.keys {
			secret := c.Secrets[min(i, len(c.Secrets)-1)].Reveal()
			if secret == "" {
				return nil, nil, fmt.Errorf("account %q has an empty callback secret", name)
			}
			a.keys[i] = sha256.Sum256([]byte(secret))
		}
		all[name] = a
	}
	return all, stranger, nil
}

// opens says whether this is one of the account's secrets, in a time that tells
// nothing of them.
func (a *account) opens(secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	first := subtle.ConstantTimeCompare(a.keys[0][:], sum[:])
	second := subtle.ConstantTimeCompare(a.keys[1][:], sum[:])
	return first|second == 1
}

func (a *account) count(r CallbackResult) { a.counts[r].Add(1) }
