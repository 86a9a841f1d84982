package simulator

import (
	"maps"
	"net"
	"net/url"
	"sync"
)

// addresses say where each provider posts its receipts. Those of all that have no
// address of their own stand under "".
type addresses struct {
	mu sync.Mutex
	of map[string]string // by the provider's name
}

func newAddresses(all string, of map[string]string) *addresses {
	a := &addresses{of: maps.Clone(of)}
	if a.of == nil {
		a.of = map[string]string{}
	}
	a.of[""] = all
	return a
}

func (a *addresses) set(provider, address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of[provider] = address
}

func (a *addresses) get(provider string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if address, own := a.of[provider]; own {
		return address
	}
	return a.of[""]
}

// SetCallbacks says where these providers post their receipts from now on, but those
// of accounts that have an address of their own. "": nowhere. With no provider named
// it speaks of all that have no address of their own.
func (s *Simulator) SetCallbacks(address string, providers ...string) {
	if len(providers) == 0 {
		providers = []string{""}
	}
	for _, p := range providers {
		s.addresses.set(p, address)
	}
}

// addressFor is where a letter about the message goes; "": nowhere. What a message
// asks for goes before what was set, as the providers have it, but only to this
// machine or to the host that was set: the simulator calls nobody else on the word of
// a request.
func (s *Simulator) addressFor(a about, wanted string) string {
	set := s.callbacksOf(a.dialect.card().Name, a.account)
	if u, err := url.Parse(wanted); err == nil && (isHere(u) || sameHost(u, set)) {
		return wanted
	}
	return set
}

func (s *Simulator) callbacksOf(provider, account string) string {
	for _, a := range s.opts.Accounts {
		if a.Name == account && a.Callbacks != "" {
			return a.Callbacks
		}
	}
	return s.addresses.get(provider)
}

func isHere(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

func sameHost(u *url.URL, set string) bool {
	other, err := url.Parse(set)
	return err == nil && u.Host != "" && u.Host == other.Host
}
