package api_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/provider"
)

// needed is the role that each route needs. A route that is not in it fails the test: who
// adds one says here who may.
var needed = map[string]api.Role{
	"POST /callbacks/{account}/{secret}": api.Anyone,
	"GET /callbacks/{account}/{secret}":  api.Anyone,
	"POST /callbacks/{account}/{$}":      api.Anyone,
	"GET /callbacks/{account}/{$}":       api.Anyone,
	"POST /callbacks/{account}":          api.Anyone,
	"GET /callbacks/{account}":           api.Anyone,
	"GET /openapi.json":                  api.Anyone,
	"GET /livez":                         api.Anyone,
	"GET /readyz":                        api.Anyone,

	"GET /v1/campaigns":               api.Viewer,
	"GET /v1/campaigns/{id}":          api.Viewer,
	"GET /v1/campaigns/{id}/export":   api.Viewer, // numbers masked
	"GET /v1/campaigns/{id}/flow":     api.Viewer,
	"GET /v1/campaigns/{id}/file":     api.Viewer,
	"GET /v1/campaigns/{id}/imports":  api.Viewer,
	"GET /v1/campaigns/{id}/messages": api.Viewer, // numbers masked
	"GET /v1/campaigns/{id}/failures": api.Viewer,
	"GET /v1/messages/{id}":           api.Viewer,
	"GET /v1/lanes":                   api.Viewer,
	"GET /v1/queues":                  api.Viewer,
	"GET /v1/workers":                 api.Viewer,
	"GET /v1/audit":                   api.Viewer,
	"GET /v1/webhooks":                api.Viewer,
	"GET /v1/suppressions":            api.Viewer, // how many

	"GET /v1/campaigns/{id}/rejects":     api.Operator, // whole rows, to be mended
	"POST /v1/campaigns":                 api.Operator,
	"POST /v1/campaigns/{id}/recipients": api.Operator,
	"PATCH /v1/campaigns/{id}":           api.Operator,
	"POST /v1/campaigns/{id}/start":      api.Operator,
	"POST /v1/campaigns/{id}/resume":     api.Operator,
	"POST /v1/campaigns/{id}/pause":      api.Operator,
	"POST /v1/campaigns/{id}/retry":      api.Operator,
	"POST /v1/campaigns/{id}/cancel":     api.Operator,
	"POST /v1/drafts":                    api.Operator,
	"GET /v1/drafts":                     api.Operator,
	"GET /v1/drafts/{draft}":             api.Operator, // some people's values
	"POST /v1/drafts/{draft}":            api.Operator,
	"POST /v1/drafts/{draft}/recipients": api.Operator,
	"GET /v1/drafts/{draft}/rejects":     api.Operator,
	"POST /v1/drafts/{draft}/test":       api.Operator,
	"POST /v1/drafts/{draft}/enter":      api.Operator,
	"POST /v1/drafts/{draft}/drop":       api.Operator,
	"POST /v1/messages":                  api.Operator,
	"POST /v1/lanes/{lane}/pause":        api.Operator,
	"POST /v1/lanes/{lane}/resume":       api.Operator,
	"POST /v1/lanes/{lane}/go-on":        api.Operator,
	"POST /v1/accounts/{account}/pause":  api.Operator,
	"POST /v1/accounts/{account}/resume": api.Operator,
	"POST /v1/stop":                      api.Operator,
	"POST /v1/resume":                    api.Operator,
	"POST /v1/messages/find":             api.Operator,
	"POST /v1/people/erase":              api.Admin,
	"POST /v1/suppressions":              api.Operator,
	"POST /v1/suppressions/check":        api.Operator,
	"POST /v1/suppressions/remove":       api.Operator,

	"POST /v1/webhooks/{webhook}/redeliver": api.Operator,
}

// TestEachRoleOnEachRoute asks for every route of the router's own table as every role.
// What comes of those that are let in is other tests' matter.
func TestEachRoleOnEachRoute(t *testing.T) {
	t.Parallel()
	h := open(t)
	callers := []struct {
		role  api.Role
		token string
	}{{api.Anyone, ""}, {api.Anyone, "no-such-token"}, {api.Viewer, viewer}, {api.Operator, operator}, {api.Admin, admin}}
	fill := strings.NewReplacer("{account}", "qlara", "{secret}", secret, "{id}", "none", "{lane}", "qlara.none", "{webhook}", "none", "{$}", "")
	for _, route := range api.Routes() {
		name := route.Method + " " + route.Path
		role, known := needed[name]
		if !known {
			t.Errorf("%s is a new route: say in the table who may", name)
			continue
		}
		for _, by := range callers {
			got := h.do(route.Method, fill.Replace(route.Path), by.token, "", "").status
			refused := got == http.StatusUnauthorized || got == http.StatusForbidden
			switch {
			case by.role >= role && refused:
				t.Errorf("%s as %s: refused with %d", name, by.role, got)
			case by.role >= role:
			case by.role == api.Anyone && got != http.StatusUnauthorized:
				t.Errorf("%s with the token %q: got %d, want 401", name, by.token, got)
			case by.role > api.Anyone && got != http.StatusForbidden:
				t.Errorf("%s as %s: got %d, want 403", name, by.role, got)
			}
		}
	}
	if len(needed) != len(api.Routes()) {
		t.Errorf("the table has %d rows, the router %d routes", len(needed), len(api.Routes()))
	}
}

func TestAViewerChangesNothing(t *testing.T) {
	t.Parallel()
	for _, route := range api.Routes() {
		if route.Role == api.Viewer && route.Method != "GET" {
			t.Errorf("%s %s changes something and needs only a viewer", route.Method, route.Path)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	h := open(t)
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/nothing", "/v1/campaigns/x/nothing", "/callbacks/", "/nothing"} {
		got := h.want(path, h.get(path, admin), 404)
		var p api.Problem
		got.into(t, &p)
		if p.Type != "urn:cascade:problem:not-found" || p.Status != 404 || got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: got %+v as %s, want a problem", path, p, got.header.Get("Content-Type"))
		}
	}
	for path, allow := range map[string]string{
		"/v1/campaigns": "GET, POST", "/v1/campaigns/x/start": "POST", "/livez": "GET", "/callbacks/qlara/x": "GET, POST",
	} {
		got := h.want("DELETE "+path, h.do("DELETE", path, admin, "", ""), 405)
		var p api.Problem
		if got.into(t, &p); p.Type != "urn:cascade:problem:method-not-allowed" || got.header.Get("Allow") != allow {
			t.Errorf("DELETE %s: %+v, Allow %q, want %q", path, p, got.header.Get("Allow"), allow)
		}
	}
	if got := h.do("HEAD", "/livez", "", "", ""); got.status != 200 || got.body != "" {
		t.Errorf("HEAD /livez: %d with a body of %q, want 200 without", got.status, got.body)
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	h := open(t)
	ask := func(id string) answer {
		r, _ := http.NewRequest("GET", h.url+"/v1/nothing", nil)
		if id != "" {
			r.Header.Set("X-Request-Id", id)
		}
		return h.send(r)
	}
	got := ask("order-17")
	var p api.Problem
	if got.into(t, &p); got.header.Get("X-Request-Id") != "order-17" || p.RequestID != "order-17" {
		t.Errorf("the id came back as %q and %q in the problem", got.header.Get("X-Request-Id"), p.RequestID)
	}
	for _, id := range []string{"", "with space", strings.Repeat("x", 129)} {
		if got := ask(id).header.Get("X-Request-Id"); got == "" || got == id {
			t.Errorf("the id %.20q was answered with %q, want a new one", id, got)
		}
	}
}

func TestWithoutTokens(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Tokens = nil })
	if !strings.Contains(h.log.String(), "level=WARN") || !strings.Contains(h.log.String(), "NO TOKENS") {
		t.Errorf("the log does not say loudly that there are no tokens:\n%s", h.log)
	}
	h.want("from this machine", h.get("/v1/lanes", ""), 200)
	tests := []struct {
		what, method, peer, host, header, value string
		want                                    int
	}{
		{"itself", "GET", "127.0.0.1:5", "127.0.0.1:8080", "", "", 200},
		{"itself over IPv6", "GET", "[::1]:5", "[::1]:8080", "", "", 200},
		{"itself by name", "GET", "127.0.0.1:5", "localhost", "", "", 200},
		{"another machine", "GET", "10.0.0.2:5", "127.0.0.1:8080", "", "", 401},
		{"behind a proxy", "GET", "127.0.0.1:5", "127.0.0.1:8080", "X-Forwarded-For", "10.0.0.2", 401},
		{"behind a proxy that tells the scheme alone", "GET", "127.0.0.1:5", "127.0.0.1:8080", "X-Forwarded-Proto", "https", 401},
		{"behind a proxy that names itself", "GET", "127.0.0.1:5", "127.0.0.1:8080", "Via", "1.1 front", 401},
		{"a name that leads here", "GET", "127.0.0.1:5", "evil.example", "", "", 401},
		{"a page of its own", "POST", "127.0.0.1:5", "127.0.0.1:8080", "Origin", "http://127.0.0.1:8080", 200},
		{"a link on a page of its own", "GET", "127.0.0.1:5", "[::1]:8080", "Referer", "http://[::1]:8080/lanes", 200},
		{"a page behind a proxy that tells nothing", "GET", "127.0.0.1:5", "127.0.0.1:8080", "Referer", "https://cascade.example.com/lanes", 401},
		{"a form behind a proxy that tells nothing", "GET", "127.0.0.1:5", "127.0.0.1:8080", "Origin", "https://cascade.example.com", 401},
		{"a page of no address", "GET", "127.0.0.1:5", "127.0.0.1:8080", "Origin", "null", 401},
		{"a strange page in the browser", "POST", "127.0.0.1:5", "127.0.0.1:8080", "Sec-Fetch-Site", "cross-site", 401},
	}
	for _, test := range tests {
		path := "/v1/lanes"
		if test.method == "POST" {
			path = "/v1/lanes/qlara.sms/pause"
		}
		r := httptest.NewRequest(test.method, path, nil)
		r.RemoteAddr, r.Host = test.peer, test.host
		if test.header != "" {
			r.Header.Set(test.header, test.value)
		}
		w := httptest.NewRecorder()
		h.api.Handler().ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%s: got %d, want %d", test.what, w.Code, test.want)
		}
	}
}

// nginx with proxy_pass and nothing else sends its own address as Host, no header that
// names anybody, and HTTP/1.0.
func TestWithoutTokensAPlainProxyBringsNobody(t *testing.T) {
	t.Parallel()
	h := open(t, func(o *api.Options) { o.Tokens = nil })
	address := strings.TrimPrefix(h.url, "http://")
	for proto, want := range map[string]string{"HTTP/1.0": " 401 ", "HTTP/1.1": " 200 "} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "GET /v1/lanes %s\r\nHost: %s\r\nConnection: close\r\n\r\n", proto, address)
		if status, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(status, want) {
			t.Errorf("%s: got %q, %v; want%s", proto, status, err, want)
		}
	}
}

func TestMountsKeepTheirRole(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a page")) })
	h := open(t, func(o *api.Options) {
		o.Mounts = []api.Mount{{Path: "/metrics", Role: api.Anyone, Handler: page}, {Path: "/queues/", Role: api.Operator, Handler: page}, {Path: "/", Role: api.Viewer, Handler: page}}
	})
	tests := []struct {
		path, token string
		want        int
	}{
		{"/metrics", "", 200}, {"/queues/x", viewer, 403}, {"/queues/x", operator, 200},
		{"/page", "", 401}, {"/page", viewer, 200}, {"/v1/nothing", admin, 404}, {"/callbacks/x", admin, 404},
	}
	for _, test := range tests {
		if got := h.get(test.path, test.token); got.status != test.want {
			t.Errorf("%s: got %d, want %d", test.path, got.status, test.want)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	some := provider.NewSecret("some")
	tests := map[string]func(*api.Options){
		"no door":             func(o *api.Options) { o.Door = nil },
		"an empty token":      func(o *api.Options) { o.Tokens = []api.Token{{Name: "x", Role: api.Viewer}} },
		"a token for anyone":  func(o *api.Options) { o.Tokens = []api.Token{{Name: "x", Role: api.Anyone, Secret: some}} },
		"no callback secret":  func(o *api.Options) { o.Accounts["qlara"] = api.Account{Reporter: o.Accounts["qlara"].Reporter} },
		"a mount for no role": func(o *api.Options) { o.Mounts = []api.Mount{{Path: "/x", Handler: http.NotFoundHandler()}} },
		"an empty callback secret": func(o *api.Options) {
			o.Accounts["qlara"] = api.Account{Secrets: make([]provider.Secret, 1), Reporter: o.Accounts["qlara"].Reporter}
		},
	}
	for what, spoil := range tests {
		open(t, func(o *api.Options) {
			wrong := *o
			wrong.Accounts = map[string]api.Account{"qlara": o.Accounts["qlara"]}
			spoil(&wrong)
			if _, err := api.New(wrong); err == nil {
				t.Errorf("%s: New took it", what)
			}
		})
	}
}

func TestTheLogIsQuietAboutHealthAndCallbacks(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.want("livez", h.get("/livez", ""), 200)
	h.want("readyz", h.get("/readyz", ""), 200)
	h.want("a callback", h.callback(`[]`), 200)
	if strings.Contains(h.log.String(), "level=INFO") {
		t.Errorf("health checks and callbacks are told in the log:\n%s", h.log)
	}
	h.want("lanes", h.get("/v1/lanes", viewer), 200)
	for _, want := range []string{"level=INFO", "route=/v1/lanes", "by=eyes", "status=200"} {
		if !strings.Contains(h.log.String(), want) {
			t.Errorf("the log lacks %q:\n%s", want, h.log)
		}
	}
	h.api.Drain()
	h.want("readyz while draining", h.get("/readyz", ""), 503)
	h.want("livez while draining", h.get("/livez", ""), 200)
}
