package config

import (
	"errors"
	"fmt"

	"github.com/seed-438792ba/cascade/provider"
)

// Token lets another program, or a person, use the API.
type Token struct {
	Name  string          `yaml:"name"` // for the audit, not for proof
	Role  Role            `yaml:"role"`
	Token provider.Secret `yaml:"token"`
}

// Role is what the bearer of a token may do.
type Role string

// The roles; each may also do what the one before it may.
const (
	Viewer   Role = "viewer"
	Operator Role = "operator"
	Admin    Role = "admin"
)

// UnmarshalText reads a role's name.
func (r *Role) UnmarshalText(b []byte) error {
	switch role := Role(b); role {
	case Viewer, Operator, Admin:
		*r = role
		return nil
	}
	return fmt.Errorf("role %q: want viewer, operator or admin", b)
}

// checkTokens notes what each token lacks, and names and tokens that are there twice.
func checkTokens(d *document, tokens []Token) {
	names, secrets := map[string]bool{}, map[string]bool{}
	for i, t := range tokens {
		path := item("tokens", i)
		if d.has(path) {
			continue
		}
		switch {
		case t.Name == "":
			d.wrong(path+".name", "missing: want a name, as crm")
		case names[t.Name]:
			d.wrong(path+".name", "another token has this name: want each once")
		}
		if t.Role == "" {
			d.wrong(path+".role", "missing: want viewer, operator or admin")
		}
		secret := t.Token.Reveal()
		switch {
		case secret == "":
			d.wrong(path+".token", "missing: make one with %s, and give it as ${NAME} from the environment", makeSecret)
		case errWeak(secret) != nil:
			d.wrong(path+".token", "%v", errWeak(secret))
		case secrets[secret]:
			d.wrong(path+".token", "another entry has the same token: want one for each")
		}
		names[t.Name], secrets[secret] = true, true
	}
}

// checkOpen refuses to be reached from elsewhere without a token. What leads there from
// public_url may stand on this machine and look like somebody who sits at it.
func (c *Config) checkOpen(d *document) {
	if len(c.Tokens) == 0 && c.PublicURL != "" && !isLoopback(c.PublicURL) && !d.has("tokens") {
		d.wrong("public_url", "others reach this address, and there are no tokens: whoever comes through a proxy on this machine would be admin. "+
			"Add tokens, as in tokens: [{name: ann, role: admin, token: \"${ANN_TOKEN}\"}], each made with %s, or leave public_url out", makeSecret)
	}
}

const (
	minSecret  = 16 // characters; 128 bits, where they were drawn by chance from all bytes
	makeSecret = "openssl rand -hex 16"
)

// howToMakeSecret tells what a callback secret is and where to get one.
var howToMakeSecret = fmt.Sprintf("want at least %d characters that nobody can guess: make them with %s", minSecret, makeSecret)

// errWeak is what is wrong with a secret; nil if nothing is.
func errWeak(secret string) error {
	if len(secret) < minSecret {
		return fmt.Errorf("too short: %s", howToMakeSecret)
	}
	for _, r := range secret {
		if r <= ' ' || r > '~' {
			return errors.New("it holds a space or a sign that no header carries: want letters, digits and signs of ASCII")
		}
	}
	return nil
}
