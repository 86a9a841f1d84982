package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/web"
)

// places are addresses of every page, file and form of the dashboard, by how the router has
// them. One that is not here fails the tests: who adds a page says here where it may be
// looked at, and who may.
var places = map[string]struct {
	role    api.Role
	address string // in a house with the campaign spring that runs
}{
	"GET /{$}": {api.Viewer, "/"},

	"GET /lanes":              {api.Viewer, "/lanes"},
	"GET /lanes/{lane}":       {api.Viewer, "/lanes/qlara.whatsapp"},
	"GET /lanes/{lane}/codes": {api.Viewer, "/lanes/qlara.whatsapp/codes"},
	"GET /queues":             {api.Viewer, "/queues"},
	"GET /workers":            {api.Viewer, "/workers"},
	"GET /suppressions":       {api.Viewer, "/suppressions"},
	"GET /audit":              {api.Viewer, "/audit?what=pause"},

	"POST /everything/stop":           {api.Operator, "/everything/stop"},
	"POST /everything/resume":         {api.Operator, "/everything/resume"},
	"POST /lanes/{lane}/pause":        {api.Operator, "/lanes/qlara.sms/pause"},
	"POST /lanes/{lane}/resume":       {api.Operator, "/lanes/qlara.sms/resume"},
	"POST /lanes/{lane}/go-on":        {api.Operator, "/lanes/qlara.sms/go-on"},
	"POST /accounts/{account}/pause":  {api.Operator, "/accounts/qlara/pause"},
	"POST /accounts/{account}/resume": {api.Operator, "/accounts/qlara/resume"},
	"POST /suppressions/check":        {api.Operator, "/suppressions/check"},
	"POST /suppressions/add":          {api.Operator, "/suppressions/add"},
	"POST /suppressions/import":       {api.Operator, "/suppressions/import"},
	"POST /suppressions/remove":       {api.Operator, "/suppressions/remove"},

	"GET /new":                     {api.Operator, "/new"},
	"GET /new/{draft}":             {api.Operator, "/new/{draft}"},
	"GET /new/{draft}/rejects.csv": {api.Operator, "/new/{draft}/rejects.csv"},
	"POST /new":                    {api.Operator, "/new"},
	"POST /new/{draft}/recipients": {api.Operator, "/new/{draft}/recipients"},
	"POST /new/{draft}/mapping":    {api.Operator, "/new/{draft}/mapping"},
	"POST /new/{draft}/edit":       {api.Operator, "/new/{draft}/edit"},
	"POST /new/{draft}/test":       {api.Operator, "/new/{draft}/test"},
	"POST /new/{draft}/enter":      {api.Operator, "/new/{draft}/enter"},
	"POST /new/{draft}/drop":       {api.Operator, "/new/{other}/drop"},

	"GET /campaigns":                  {api.Viewer, "/campaigns?q=s&state=running"},
	"GET /campaigns/{id}":             {api.Viewer, "/campaigns/spring"},
	"GET /campaigns/{id}/people":      {api.Viewer, "/campaigns/spring/people?phase=scheduled"},
	"GET /campaigns/{id}/failures":    {api.Viewer, "/campaigns/spring/failures"},
	"GET /campaigns/{id}/retry":       {api.Operator, "/campaigns/spring/retry?phase=failed"},
	"GET /campaigns/{id}/file":        {api.Viewer, "/campaigns/spring/file"},
	"GET /campaigns/{id}/export.csv":  {api.Viewer, "/campaigns/spring/export.csv"},
	"GET /campaigns/{id}/rejects.csv": {api.Operator, "/campaigns/spring/rejects.csv"},
	"GET /find":                       {api.Operator, "/find"},
	"POST /find":                      {api.Operator, "/find"},
	"GET /messages/{id}":              {api.Viewer, "/messages/{message}"},
	"POST /campaigns/{id}/start":      {api.Operator, "/campaigns/spring/start"},
	"POST /campaigns/{id}/pause":      {api.Operator, "/campaigns/spring/pause"},
	"POST /campaigns/{id}/resume":     {api.Operator, "/campaigns/spring/resume"},
	"POST /campaigns/{id}/cancel":     {api.Operator, "/campaigns/spring/cancel"},
	"POST /campaigns/{id}/throttle":   {api.Operator, "/campaigns/spring/throttle"},
	"POST /campaigns/{id}/retry":      {api.Operator, "/campaigns/spring/retry"},
}

func TestEachRoleOnEachPlace(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(3)
	who := map[api.Role]*browser{api.Anyone: h.browser(), api.Viewer: h.as(viewer), api.Operator: h.as(operator), api.Admin: h.as(admin)}
	for _, p := range web.Places() {
		name := p.Method + " " + p.Path
		known, told := places[name]
		if !told {
			t.Errorf("%s is a new place: say in the table who may, and where to look at it", name)
			continue
		}
		for role, b := range who {
			got := b.get
			if p.Method == http.MethodPost {
				got = func(path string) answer { return b.post(path, nil) }
			}
			a := got(h.fill(known.address))
			switch {
			case a.header.Get("Content-Security-Policy") == "" || strings.Contains(a.header.Get("Content-Security-Policy"), "unsafe"):
				t.Errorf("%s as %s: the policy is %q", name, role, a.header.Get("Content-Security-Policy"))
			case role == api.Anyone && (a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/login")):
				t.Errorf("%s as nobody: %d to %q, want the login", name, a.status, a.header.Get("Location"))
			case role > api.Anyone && role < known.role && a.status != http.StatusForbidden:
				t.Errorf("%s as %s: %d, want 403", name, role, a.status)
			case role >= known.role && p.Method == http.MethodGet && a.status != http.StatusOK:
				t.Errorf("%s as %s: %d\n%s", name, role, a.status, a.body)
			case role >= known.role && a.status == http.StatusForbidden:
				t.Errorf("%s as %s: refused", name, role)
			}
		}
	}
	if len(places) != len(web.Places()) {
		t.Errorf("the table has %d rows, the dashboard %d places", len(places), len(web.Places()))
	}
}

// inline is what the policy forbids, and a browser would leave out without a word.
var inline = regexp.MustCompile(`(?i)<script[^>]*>[^<]|<style|\sstyle=|\son[a-z]+=|javascript:|src="http|href="http`)

func TestNoPageHasAnythingInline(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.running(3)
	b := h.as(admin)
	for name, p := range places {
		if strings.HasPrefix(name, "GET ") {
			if found := inline.FindString(b.get(h.fill(p.address)).body); found != "" {
				t.Errorf("%s holds %q", name, found)
			}
		}
	}
	for _, page := range []answer{h.browser().get("/login"), b.get("/nothing")} {
		if found := inline.FindString(page.body); found != "" || page.header.Get("Content-Security-Policy") == "" {
			t.Errorf("a page of %d holds %q", page.status, found)
		}
	}
}

// fill puts what only this house knows into an address.
func (h *house) fill(address string) string {
	return strings.NewReplacer("{message}", h.message(0).String(), "{draft}", h.draft).Replace(address)
}
