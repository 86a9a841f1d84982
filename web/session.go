package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-438792ba/cascade/api"
)

// How long a login lasts.
const (
	lifetime = 12 * time.Hour // at most
	idle     = 1 * time.Hour  // without a page being asked for
)

// What a session holds: whose token it was, a proof that this token is still valid, and
// what to say on the next page. The token itself is not kept anywhere.
const (
	heldName  = "name"
	heldProof = "proof"
	heldSaid  = "said"
)

func (d *Dashboard) newSessions(store scs.CtxStore, tls bool) *scs.SessionManager {
	s := scs.New()
	s.Store, s.HashTokenInStore = store, true
	s.Lifetime, s.IdleTimeout = lifetime, idle
	s.Cookie.Name, s.Cookie.Persist = "cascade", false
	s.Cookie.SameSite = http.SameSiteLaxMode // and not strict: a link in a message shall open
	if tls {
		s.Cookie.Name, s.Cookie.Secure = "__Host-cascade", true
	}
	s.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		d.log.Error("sessions cannot be read", "error", err)
		d.refuse(w, r, http.StatusServiceUnavailable, "Redis does not answer, so nobody's login can be looked up. Sending waits as well, and nothing is lost.")
	}
	return s
}

// caller says who looks at the page. Where no tokens are configured that is whoever sits
// at this machine, and nobody else.
func (d *Dashboard) caller(r *http.Request) (by api.Caller, known bool) {
	if d.api.Open() {
		return d.api.Local(r)
	}
	return d.api.Still(d.sessions.GetString(r.Context(), heldName), d.sessions.GetString(r.Context(), heldProof))
}

// admit says who looks, if they may do what needs this role; else it answers: who is not
// known is sent to the login.
func (d *Dashboard) admit(w http.ResponseWriter, r *http.Request, needed api.Role) (by api.Caller, admitted bool) {
	by, known := d.caller(r)
	switch {
	case known && by.Role >= needed:
		return by, true
	case known:
		d.refuse(w, r, http.StatusForbidden, "This needs the role "+needed.String()+"; yours is "+by.Role.String()+".")
		return by, false
	case d.api.Open():
		d.refuse(w, r, http.StatusForbidden, "No tokens are configured, so only this machine itself is let in, without a proxy between: add tokens to the configuration.")
		return by, false
	}
	to := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?to=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return by, false
}

// ours gives a path of this dashboard, and "/" for all that could lead elsewhere.
func ours(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
