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
	read     func(context.Context, *visit) (any, error)
}

func (p page) method() string {
	if p.posted {
		return http.MethodPost
	}
	return http.MethodGet
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

// longest is how long a page may take: some look at every record of a campaign.
const longest = 2 * time.Minute

// within says how long an answer may take, whatever the server gives others; 0: as long as
// it likes. The time to read counts as well: a server takes a request whose time to be read
// is over for one that broke off. A writer that knows no deadlines is a test's.
func within(w http.ResponseWriter, d time.Duration) {
	control, until := http.NewResponseController(w), time.Time{}
	if d > 0 {
		until = time.Now().Add(d)
	}
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}

// show serves a page.
func (d *Dashboard) show(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, admitted := d.admit(w, r)
		if !admitted {
			return
		}
		if by.Role < p.role {
			d.refuse(w, r, http.StatusForbidden, "This page needs the role "+p.role.String()+"; yours is "+by.Role.String()+".")
			return
		}
		if p.posted && !readForm(w, r) {
			d.refuse(w, r, http.StatusBadRequest, "The form could not be read.")
			return
		}
		within(w, longest)
		ctx, done := context.WithTimeout(as(r.Context(), by), longest)
		defer done()
		f := d.frame(ctx, p.title)
		f.By, f.Path, f.Said = by, r.URL.Path, d.sessions.PopString(r.Context(), heldSaid)
		var err error
		if f.Main, err = p.read(ctx, d.visit(r, by)); err != nil {
			d.fail(w, r, err)
			return
		}
		if p.live {
			f.Stream = streamOf(r.URL)
		}
		if t, titled := f.Main.(interface{ Title() string }); titled {
			f.Title = t.Title()
		}
		d.render(w, http.StatusOK, p.template, f)
	}
}

// readForm reads what a form brings, as long as that is of a form's size.
func readForm(w http.ResponseWriter, r *http.Request) (ok bool) {
	const most = 1 << 20
	r.Body = http.MaxBytesReader(w, r.Body, most)
	return r.ParseForm() == nil
}

// act does what a form says, and goes on to a page: a reload does nothing again.
func (d *Dashboard) act(a deed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, admitted := d.admit(w, r)
		if !admitted {
			return
		}
		if by.Role < a.role {
			d.refuse(w, r, http.StatusForbidden, "This needs the role "+a.role.String()+"; yours is "+by.Role.String()+".")
			return
		}
		if !readForm(w, r) {
			d.refuse(w, r, http.StatusBadRequest, "The form could not be read.")
			return
		}
		to, said, err := a.do(as(r.Context(), by), d.visit(r, by))
		if err != nil {
			d.fail(w, r, err)
			return
		}
		d.sessions.Put(r.Context(), heldSaid, said)
		http.Redirect(w, r, ours(to), http.StatusSeeOther)
	}
}

// fetch gives a file.
func (d *Dashboard) fetch(f fetch) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, admitted := d.admit(w, r)
		if !admitted {
			return
		}
		if by.Role < f.role {
			d.refuse(w, r, http.StatusForbidden, "This file needs the role "+f.role.String()+"; yours is "+by.Role.String()+".")
			return
		}
		within(w, 0) // a large file takes its time
		begun := &begun{ResponseWriter: w}
		if err := f.copy(as(r.Context(), by), d.visit(r, by), begun); err != nil {
			if begun.yes {
				panic(http.ErrAbortHandler) // cut it off, so that it does not pass for whole
			}
			w.Header().Del("Content-Disposition")
			d.fail(w, r, err)
		}
	}
}

// begun knows whether an answer has begun.
type begun struct {
	http.ResponseWriter
	yes bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}

func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }
