package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
)

// Token lets its bearer in.
type Token struct {
	Name   string // who it was given to; stands in logs and beside what they did
	Role   Role   // Viewer, Operator or Admin
	Secret provider.Secret
}

// Caller is who makes a request.
type Caller struct {
	Name string
	Role Role
	deed *campaign.Deed // what they do, for the journal; nil: nothing that belongs there

	inside bool // calls from inside this process; see As
}

// local is the caller on the server's own machine where no tokens are configured.
var local = Caller{Name: "loopback", Role: Admin}

// guard lets callers in.
type guard struct {
	keys   []key
	origin *http.CrossOriginProtection
}

type key struct {
	Caller
	sum [sha256.Size]byte
}

func newGuard(tokens []Token) (*guard, error) {
	g := &guard{origin: http.NewCrossOriginProtection()}
	for _, t := range tokens {
		switch {
		case t.Secret.Reveal() == "":
			return nil, fmt.Errorf("token %q is empty", t.Name)
		case t.Role < Viewer || t.Role > Admin:
			return nil, fmt.Errorf("token %q has the role %s: use viewer, operator or admin", t.Name, t.Role)
		}
		g.keys = append(g.keys, key{Caller{Name: t.Name, Role: t.Role}, sha256.Sum256([]byte(t.Secret.Reveal()))})
	}
	return g, nil
}

// open says whether the guard knows no tokens.
func (g *guard) open() bool { return len(g.keys) == 0 }

// admit says who makes the request, if they may do what needs this role.
func (g *guard) admit(r *http.Request, needed Role) (Caller, error) {
	by, found := g.caller(r)
	switch {
	case !found && g.open():
		return by, unauthorised.because("no tokens are configured, so only this machine itself is let in, without a proxy between: add tokens to the configuration")
	case !found:
		return by, unauthorised.because("want a valid token in the header Authorization: Bearer")
	case by.Role < needed:
		return by, forbidden.because(fmt.Sprintf("the token of %q has the role %s: this needs %s", by.Name, by.Role, needed))
	}
	return by, nil
}

func (g *guard) caller(r *http.Request) (by Caller, found bool) {
	if by, found = insideCaller(r.Context()); found {
		return by, true
	}
	if g.open() {
		return g.local(r)
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	by, _, found = g.bearer(strings.TrimSpace(token))
	return by, found && strings.EqualFold(scheme, "Bearer")
}

// bearer compares hashes, and always with all of them, so that the time it takes says
// nothing about any token.
func (g *guard) bearer(token string) (by Caller, sum [sha256.Size]byte, found bool) {
	sum = sha256.Sum256([]byte(token))
	for i := range g.keys {
		if subtle.ConstantTimeCompare(g.keys[i].sum[:], sum[:]) == 1 {
			by, found = g.keys[i].Caller, true
		}
	}
	return by, sum, found
}
