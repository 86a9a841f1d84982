package config

import (
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/store"
)

// embedded stands for a Redis inside the process, which is gone with it.
const embedded = "embedded"

// Redis is where the ledger is. It prints without user and password.
type Redis struct{ address provider.Secret }

// Embedded says whether the Redis is to be one inside this process.
func (r Redis) Embedded() bool { return r.address.Reveal() == embedded }

// Address is what store.Connect reads, password and all.
func (r Redis) Address() string { return r.address.Reveal() }

func (r Redis) String() string {
	address := r.address.Reveal()
	scheme, rest, _ := strings.Cut(address, "://")
	at := strings.LastIndexByte(rest, '@')
	if at >= 0 {
		rest = "***@" + rest[at+1:]
	}
	rest, _, asks := strings.Cut(rest, "?") // a sentinel's password may be there
	if asks {
		rest += "?***"
	}
	if scheme == address {
		return address
	}
	return scheme + "://" + rest
}

// MarshalText gives what String gives.
func (r Redis) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "embedded" or an address of one of the forms that store.Connect
// documents.
func (r *Redis) UnmarshalText(b []byte) error {
	address := string(b)
	switch {
	case address == embedded:
	case !strings.Contains(address, "://"):
		return errors.New("want an address, as in " + DefaultRedis + ", or " + embedded)
	default:
		if err := store.CheckAddress(address); err != nil {
			return err
		}
	}
	*r = Redis{provider.NewSecret(address)}
	return nil
}

// listen is a host, or none for all of them, and a port.
type listen string

// UnmarshalText reads "127.0.0.1:8080" or ":8080".
func (l *listen) UnmarshalText(b []byte) error {
	_, port, err := net.SplitHostPort(string(b))
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return errors.New("want an address and a port, as in " + DefaultListen)
	}
	*l = listen(b)
	return nil
}

// publicURL is where the world reaches the listener.
type publicURL string

// UnmarshalText reads "https://cascade.example.com".
func (p *publicURL) UnmarshalText(b []byte) error {
	u, err := url.Parse(string(b))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("want an address as https://cascade.example.com, without a user, a query or a fragment")
	}
	*p = publicURL(strings.TrimRight(string(b), "/"))
	return nil
}

// isLoopback says whether an address can only be this machine.
func isLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return err == nil && ip.Unmap().IsLoopback()
}

// idKey is the key of ids as people write it.
type idKey campaign.IDKey

// UnmarshalText reads 64 hexadecimal digits.
func (k *idKey) UnmarshalText(b []byte) error {
	if len(b) == hex.EncodedLen(len(k)) {
		if _, err := hex.Decode(k[:], b); err == nil {
			return nil
		}
	}
	return errors.New("want 64 hexadecimal digits: make them with openssl rand -hex 32")
}
