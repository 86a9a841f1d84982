package web

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

const (
	longest     = 2 * time.Minute // a page: some look at every record of a campaign
	longestDeed = 6 * time.Hour   // what a form does, a large file that comes slowly among it
)

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
		by, admitted := d.admit(w, r, p.role)
		if !admitted {
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
			f.Stream = p.streamOf(r.URL)
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

// toItsEnd serves what a form does also when the tab is closed meanwhile: half a deed is
// worse than a whole one that nobody waits for. A file that broke off is noticed as it is
// read.
func toItsEnd(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, done := context.WithTimeout(context.WithoutCancel(r.Context()), longestDeed)
		defer done()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// act does what a form says, and goes on to a page: a reload does nothing again.
func (d *Dashboard) act(a deed) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, admitted := d.admit(w, r, a.role)
		if !admitted {
			return
		}
		if !readForm(w, r) {
			d.refuse(w, r, http.StatusBadRequest, "The form could not be read.")
			return
		}
		within(w, 0) // a deed that is begun is done
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
		by, admitted := d.admit(w, r, f.role)
		if !admitted {
			return
		}
		within(w, 0) // a large file takes its time
		begun := &begun{ResponseWriter: api.Steady(w)}
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
