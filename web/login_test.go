package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/provider"
	"github.com/seed-438792ba/cascade/web"
)

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.browser()
	if got := b.get("/campaigns?q=x"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/login?to=%2Fcampaigns%3Fq%3Dx" {
		t.Errorf("without a login: %d to %s", got.status, got.header.Get("Location"))
	}
	wrong := b.post("/login", url.Values{"token": {"no-such-token-at-all"}})
	if wrong.status != http.StatusUnauthorized || strings.Contains(wrong.body, "no-such-token") {
		t.Errorf("a wrong token: %d\n%s", wrong.status, wrong.body)
	}
	in := b.post("/login", url.Values{"token": {" " + operator + "\n"}, "to": {"/?x=1"}})
	cookie := in.header.Get("Set-Cookie")
	if in.status != http.StatusSeeOther || in.header.Get("Location") != "/?x=1" || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("logged in: %d to %s with %s", in.status, in.header.Get("Location"), cookie)
	}
	if page := b.page("/"); !strings.Contains(page, "crm") || !strings.Contains(page, "operator") || !strings.Contains(page, "SIMULATED") {
		t.Errorf("the strip lacks who and where:\n%s", page)
	}
	for _, key := range h.redis.Keys() {
		held, _ := h.redis.Get(key)
		if strings.Contains(key, "session") && (strings.Contains(held, operator) || !strings.Contains(held, "crm")) {
			t.Errorf("the session holds %q", held)
		}
	}
	if out := b.post("/logout", nil); out.status != http.StatusSeeOther {
		t.Errorf("logged out: %d", out.status)
	}
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("after the logout: %d", got.status)
	}
	for _, key := range h.redis.Keys() {
		if held, _ := h.redis.Get(key); strings.Contains(key, "session") && held != "" {
			t.Errorf("%s still holds %q", key, held)
		}
	}
}

// TestALogoutIsNotUndone logs out while a request of the same session is at work, which
// renews its session when it ends.
func TestALogoutIsNotUndone(t *testing.T) {
	t.Parallel()
	begun, end := make(chan struct{}), make(chan struct{})
	h := open(t, func(s *settings) { s.api.Lanes = &slow{s.api.Lanes.(*desk), begun, end} })
	b := h.as(operator)
	at := mustParse(h.url)
	held := b.http.Jar.Cookies(at)
	answered := make(chan answer)
	go func() { answered <- b.post("/lanes/qlara.sms/pause", url.Values{"why": {"x"}}) }()
	<-begun
	other := h.browser()
	other.http.Jar.SetCookies(at, held)
	if out := other.post("/logout", nil); out.status != http.StatusSeeOther {
		t.Errorf("logged out: %d", out.status)
	}
	close(end)
	if got := <-answered; got.status != http.StatusSeeOther {
		t.Errorf("what was at work: %d\n%s", got.status, got.body)
	}
	b.http.Jar.SetCookies(at, held)
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("after the logout: %d, want the login", got.status)
	}
}

// slow are lanes of which one is being paused for as long as a test likes.
type slow struct {
	*desk
	begun, end chan struct{}
}

func (s *slow) Pause(ctx context.Context, l campaign.Lane, by, why string) error {
	close(s.begun)
	<-s.end
	return s.desk.Pause(ctx, l, by, why)
}

func TestASessionIsRenewedAtLogin(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(viewer)
	at, _ := url.Parse(h.url)
	before := b.http.Jar.Cookies(at)[0].Value
	b.post("/login", url.Values{"token": {admin}})
	if after := b.http.Jar.Cookies(at)[0].Value; after == before {
		t.Error("the session has the name it had before the login")
	}
	old := h.browser()
	old.http.Jar.SetCookies(at, []*http.Cookie{{Name: "cascade", Value: before}})
	if got := old.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("the name of before: %d, want the login", got.status)
	}
}

func TestATokenThatWasTakenAwayLetsNobodyIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(operator)
	tokens := []api.Token{{Name: "crm", Role: api.Operator, Secret: provider.NewSecret("another-token-of-crm")}}
	after := open(t, func(s *settings) { s.api.Tokens, s.web.Sessions = tokens, h.Sessions() })
	b.url = after.url
	at, there := mustParse(h.url), mustParse(after.url)
	b.http.Jar.SetCookies(there, b.http.Jar.Cookies(at))
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("with the session of a token that is no more: %d, want the login", got.status)
	}
}

func mustParse(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	return u
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(operator)
	for range 5 { // a page now and then keeps it
		h.redis.FastForward(50 * time.Minute)
		b.page("/")
	}
	h.redis.FastForward(61 * time.Minute)
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("after an idle hour: %d, want the login", got.status)
	}
}

// Behind a proxy all come from one address.
func TestStrangersKeepNobodyFromLoggingIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	b, refused := h.browser(), 0
	for range 15 {
		got := b.post("/login", url.Values{"token": {"no-such-token-at-all"}})
		if got.status == http.StatusTooManyRequests && got.header.Get("Retry-After") != "" {
			refused++
		}
	}
	told := strings.Count(h.log.String(), "a login was refused")
	if refused < 4 || told+refused != 15 {
		t.Errorf("%d of 15 wrong tokens were answered as too many, and %d are in the log", refused, told)
	}
	h.as(viewer).page("/")
}

func TestCookiesBehindTLS(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) { s.web.TLS = true })
	got := h.browser().post("/login", url.Values{"token": {viewer}})
	if cookie := got.header.Get("Set-Cookie"); !strings.HasPrefix(cookie, "__Host-") || !strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "Path=/;") {
		t.Errorf("the cookie is %s", cookie)
	}
	if page := h.browser().page("/login"); !strings.Contains(page, "without TLS") {
		t.Error("the login does not say that it was reached without TLS")
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	b := h.as(operator)
	for header, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
		r, _ := http.NewRequest(http.MethodPost, h.url+"/logout", nil)
		r.Header.Set(header, value)
		if got := b.send(r); got.status != http.StatusForbidden {
			t.Errorf("a POST with %s: %s got %d", header, value, got.status)
		}
	}
	b.page("/") // still logged in
}

func TestWhereALoginLeads(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/campaigns?q=x": "/campaigns?q=x", "": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/", "/\t/evil.example": "/", "x": "/",
	} {
		if got := web.Ours(path); got != want {
			t.Errorf("%q leads to %q, want %q", path, got, want)
		}
	}
}

func TestWithoutTokensOnlyThisMachine(t *testing.T) {
	t.Parallel()
	h := open(t, func(s *settings) { s.api.Tokens = nil })
	if page := h.browser().page("/"); !strings.Contains(page, "NO TOKENS ARE CONFIGURED") {
		t.Errorf("the page does not say loudly that there are no tokens:\n%s", page)
	}
	for what, change := range map[string]func(*http.Request){
		"another machine":        func(r *http.Request) { r.RemoteAddr = "10.0.0.2:5" },
		"behind a proxy":         func(r *http.Request) { r.Header.Set("X-Forwarded-For", "10.0.0.2") },
		"a name that leads here": func(r *http.Request) { r.Host = "evil.example" },
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:5", "127.0.0.1:8080"
		change(r)
		w := httptest.NewRecorder()
		h.dashboard.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: %d, want 403", what, w.Code)
		}
	}
}
