package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// page is one place of the dashboard.
type page struct {
	path     string   // as http.ServeMux has it, without a method
	template string   // templates/TEMPLATE.html
	title    string   // in the navigation; "": it is reached by links
	role     api.Role // who may see it
	posted   bool     // it answers a form, of which nothing may stand in an address
	live     bool     // what it reads is read again once a second, for who watches
	asks     []string // of a live one: the parameters of the address that it reads
	read     func(context.Context, *visit) (any, error)
}

func (p page) method() string {
	if p.posted {
		return http.MethodPost
	}
	return http.MethodGet
}

// address is the page's address without what it does not read: the same for all who see the
// same.
func (p page) address(u *url.URL) *url.URL {
	asked, read := u.Query(), url.Values{}
	for _, name := range p.asks {
		if values := chosen(asked[name]); len(values) > 0 {
			read[name] = values
		}
	}
	return &url.URL{Path: u.Path, RawPath: u.EscapedPath(), RawQuery: read.Encode()}
}

// fetch is a file that the dashboard gives, as it comes from the API.
type fetch struct {
	path string
	role api.Role
	copy func(context.Context, *visit, http.ResponseWriter) error
}

// deed is what a form does.
type deed struct {
	path string
	role api.Role
	// do does it, and says where to go then and what to say there.
	do func(context.Context, *visit) (to, said string, err error)
}

// visit is a look at a page: by whom, and what the address says. Its context, which is
// handed in beside it, bears the caller to the client.
type visit struct {
	*client.Client
	by        api.Caller
	now       time.Time
	path      *url.URL
	form      url.Values // of a deed
	values    func(name string) string
	dashboard *Dashboard
}

// lanes are the lanes, read once for all who look in the same moment.
func (v *visit) lanes(ctx context.Context) ([]client.Lane, error) { return v.dashboard.lanes(ctx) }

// value is a part of the path, as {id}.
func (v *visit) value(name string) string { return v.values(name) }

// query is a parameter of the address.
func (v *visit) query(name string) string { return v.path.Query().Get(name) }

func (d *Dashboard) visit(r *http.Request, by api.Caller) *visit {
	return &visit{Client: d.client, by: by, now: d.now(), path: r.URL, form: r.PostForm, values: r.PathValue, dashboard: d}
}
