package webhook

import (
	"fmt"
	"net/netip"
	"slices"
	"syscall"
)

// Guard says which addresses a letter may go to: those of the public internet, and the
// networks that are named. What else answers to a host's name is inside somebody's walls:
// this machine, its neighbours, a cloud's metadata service.
type Guard []netip.Prefix

// Check says what is wrong with an address.
func (g Guard) Check(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if isPublic(ip) || slices.ContainsFunc(g, func(p netip.Prefix) bool { return p.Contains(ip) }) {
		return nil
	}
	return fmt.Errorf("%s is no public address: if it is meant, name its network in allow_networks", ip)
}

// control is asked by a dialer for the address that it is about to connect to, after names
// were looked up: a name that leads elsewhere the second time changes nothing.
func (g Guard) control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%q is no address to connect to", address)
	}
	return g.Check(at.Addr())
}

// isPublic says whether an address is anybody's on the internet.
func isPublic(ip netip.Addr) bool {
	if ip.Is6() && !global6.Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(special[:], func(p netip.Prefix) bool { return p.Contains(ip) })
}

// global6 is all of version 6 that is handed out.
var global6 = netip.MustParsePrefix("2000::/3")

// special are the networks that are not, by the registries of special addresses that IANA
// keeps (RFC 6890), and those that lead into version 4 by another name.
var special = [...]netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // behind a carrier's walls; a cloud keeps its metadata here
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"), // link-local, with most clouds' metadata
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, reserved, broadcast

	netip.MustParsePrefix("2001::/23"), // Teredo among it
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4
	netip.MustParsePrefix("3fff::/20"),
}
