package api

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// local is the caller where no tokens are configured.
func (g *guard) local(r *http.Request) (by Caller, found bool) {
	return local, g.open() && g.isLocal(r)
}

// isLocal says whether the request was made on this machine and meant for it. A proxy
// brings requests of others, and so does a browser that a strange page sends here, be
// it by a name that was made to lead to this machine.
func (g *guard) isLocal(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback() && isLoopbackHost(r.Host) &&
		!isPassedOn(r) && isFromLocalPage(r.Header) && g.origin.Check(r) == nil
}

// isPassedOn says whether a proxy shows. One that is told nothing (nginx: proxy_pass
// alone) hides behind its own address, but speaks HTTP/1.0, which browsers and our client
// do not.
func isPassedOn(r *http.Request) bool {
	if !r.ProtoAtLeast(1, 1) {
		return true
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}

// isFromLocalPage says whether the page that sent the request, if one did, is of this
// machine. Behind a proxy it bears the proxy's name.
func isFromLocalPage(h http.Header) bool {
	for _, name := range []string{"Origin", "Referer"} {
		for _, page := range h.Values(name) {
			if u, err := url.Parse(page); err != nil || !isLoopbackHost(u.Host) {
				return false
			}
		}
	}
	return true
}

func isLoopbackHost(host string) bool {
	if at := strings.LastIndexByte(host, ':'); at >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}
