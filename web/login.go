package web

import (
	"net"
	"net/http"
	"strings"
)

// loginPage is what the login shows.
type loginPage struct {
	To    string // where to go then
	Wrong string
	Plain bool // the cookie is for TLS only, and this was asked for without
}

func (d *Dashboard) showLogin(w http.ResponseWriter, r *http.Request) {
	if _, known := d.caller(r); known {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	d.askLogin(w, r, http.StatusOK, ours(r.URL.Query().Get("to")), "")
}

func (d *Dashboard) askLogin(w http.ResponseWriter, r *http.Request, status int, to, wrong string) {
	plain := d.sessions.Cookie.Secure && r.TLS == nil && r.Header.Get("X-Forwarded-Proto") != "https"
	f := d.bare("Log in", r.URL.Path)
	f.Main = loginPage{to, wrong, plain}
	d.render(w, status, "login", f)
}

// login takes a token of the API's, a valid one always: strangers behind the same proxy
// shall keep nobody out. The session gets a new name, so that one that was put into the
// browser before is worth nothing.
func (d *Dashboard) login(w http.ResponseWriter, r *http.Request) {
	const most = 16 << 10
	r.Body = http.MaxBytesReader(w, r.Body, most)
	token, to := strings.TrimSpace(r.PostFormValue("token")), ours(r.PostFormValue("to"))
	by, proof, known := d.api.Login(token)
	if !known || d.api.Open() {
		d.refuseLogin(w, r, to)
		return
	}
	ctx := r.Context()
	if err := d.sessions.RenewToken(ctx); err != nil {
		d.sessions.ErrorFunc(w, r, err)
		return
	}
	d.sessions.Put(ctx, heldName, by.Name)
	d.sessions.Put(ctx, heldProof, proof)
	d.log.Info("logged in", "by", by.Name, "role", by.Role.String())
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuseLogin tells of a wrong token, but of many in a row only that there were too many:
// they shall fill no log.
func (d *Dashboard) refuseLogin(w http.ResponseWriter, r *http.Request, to string) {
	if wait, allowed := d.wrongTokens.note(peer(r)); !allowed {
		w.Header().Set("Retry-After", wait)
		d.askLogin(w, r, http.StatusTooManyRequests, to, "Too many wrong tokens from here. A valid one is taken at any time; others again in "+wait+" s.")
		return
	}
	d.log.Warn("a login was refused", "from", peer(r))
	d.askLogin(w, r, http.StatusUnauthorized, to, "That is no valid token. It is one of tokens in the configuration, as the API takes it.")
}

func (d *Dashboard) logout(w http.ResponseWriter, r *http.Request) {
	if err := d.sessions.Destroy(r.Context()); err != nil {
		d.sessions.ErrorFunc(w, r, err)
		return
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

// peer is who speaks to this process: a proxy, where one stands before it.
func peer(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
