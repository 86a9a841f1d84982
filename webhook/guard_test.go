package webhook

import (
	"net/netip"
	"testing"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "172.32.0.1": true, "2606:2800:220:1::1": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.9.9.9": false, "0.0.0.0": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false,
		"192.168.1.1": false, "169.254.169.254": false, "100.100.100.200": false, "192.0.0.192": false, "198.18.0.1": false,
		"224.0.0.1": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:8.8.8.8": true, "::127.0.0.1": false,
		"64:ff9b::a00:1": false, "2002:7f00:1::": false, "2001::1": false, "2001:db8::1": false,
	} {
		if err := (Guard{}).Check(netip.MustParseAddr(address)); (err == nil) != public {
			t.Errorf("%s: %v, want it to be public: %v", address, err, public)
		}
	}
	g := Guard{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	for address, allowed := range map[string]bool{"10.1.2.3": true, "::ffff:10.1.2.3": true, "10.2.0.1": false, "fd00::1": true, "fc00::1": false, "8.8.8.8": true} {
		if err := g.Check(netip.MustParseAddr(address)); (err == nil) != allowed {
			t.Errorf("%s with two networks allowed: %v, want it to be allowed: %v", address, err, allowed)
		}
	}
	for address, allowed := range map[string]bool{"8.8.8.8:443": true, "127.0.0.1:443": false, "[::1]:443": false, "localhost:443": false} {
		if err := (Guard{}).control("tcp", address, nil); (err == nil) != allowed {
			t.Errorf("connect to %s: %v, want it to be allowed: %v", address, err, allowed)
		}
	}
}
