package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

// streamPrefix and a page's path are where its live numbers come from.
const streamPrefix = "/stream"

func (p page) streamOf(u *url.URL) string {
	to := p.address(u)
	to.Path, to.RawPath = streamPrefix+to.Path, streamPrefix+to.RawPath
	return to.String()
}

// pageOf is the address of the page whose stream this is.
func (p page) pageOf(stream *url.URL) *url.URL {
	of := p.address(stream)
	of.Path, of.RawPath = strings.TrimPrefix(of.Path, streamPrefix), ""
	return of
}

// How a stream lives.
const (
	writeWithin = 10 * time.Second // a browser that takes nothing for so long is let go
	lookAgain   = 30 * time.Second // whether the login still holds
)

// stream sends a page's live numbers, once a second, as server-sent events: "snapshot" is
// the page's main part as HTML, of which the script takes what is marked; "gone" says that
// the login has ended.
func (d *Dashboard) stream(p page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		within(w, 0)
		by, known, err := d.watcher(r)
		if err != nil { // the script tries again
			http.Error(w, "the login cannot be looked up", http.StatusServiceUnavailable)
			return
		}
		out := events{w, http.NewResponseController(w)}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("X-Accel-Buffering", "no") // a proxy shall pass each event on
		if !known || by.Role < p.role {
			_ = out.send("gone", nil)
			return
		}
		address := p.pageOf(r.URL)
		key := by.Role.String() + " " + address.Path + "?" + address.RawQuery
		snapshots, leave, taken := d.hub.watch(by.Name, key, d.snapshots(p, address, r.PathValue, by.Role))
		if !taken {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		defer leave()
		d.pump(r, out, snapshots)
	}
}

// pump sends until the browser, the login or the process goes.
func (d *Dashboard) pump(r *http.Request, out events, snapshots <-chan []byte) {
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		select {
		case s := <-snapshots:
			if out.send("snapshot", s) != nil {
				return
			}
		case <-again.C:
			if _, known, err := d.watcher(r); err == nil && !known {
				_ = out.send("gone", nil)
				return
			}
		case <-d.hub.done:
			return
		case <-r.Context().Done():
			return
		}
	}
}

// watcher says who watches. It renews no session: a page that is open for itself does not
// keep its login alive.
func (d *Dashboard) watcher(r *http.Request) (by api.Caller, known bool, err error) {
	name := ""
	if cookie, err := r.Cookie(d.sessions.Cookie.Name); err == nil {
		name = cookie.Value
	}
	ctx, err := d.sessions.Load(r.Context(), name)
	if err != nil {
		return by, false, err
	}
	by, known = d.caller(r.WithContext(ctx))
	return by, known, nil
}

// snapshots reads the page as somebody of this role sees it.
func (d *Dashboard) snapshots(p page, address *url.URL, values func(string) string, role api.Role) func(context.Context) []byte {
	by := api.Caller{Name: "dashboard", Role: role}
	return func(ctx context.Context) []byte {
		ctx = as(ctx, by)
		f := d.frame(ctx, p.title)
		f.By, f.Path = by, address.Path
		main, err := p.read(ctx, &visit{Client: d.client, by: by, now: f.AsOf, path: address, values: values, dashboard: d})
		if err == nil {
			f.Main = main
		} else if len(f.Alerts) == 0 {
			f.Alerts = []alert{{Warn, "This page cannot be read: " + err.Error(), ""}}
		}
		var b bytes.Buffer
		if err := d.templates[p.template].ExecuteTemplate(&b, "live", f); err != nil {
			d.log.Error("a page cannot be shown", "page", p.template, "error", err)
		}
		return b.Bytes()
	}
}

// events writes server-sent events.
type events struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (e events) send(kind string, data []byte) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\n", kind)
	for line := range bytes.Lines(data) {
		fmt.Fprintf(&b, "data: %s\n", bytes.TrimRight(line, "\r\n"))
	}
	if len(data) == 0 {
		b.WriteString("data:\n")
	}
	b.WriteString("\n")
	_ = e.control.SetWriteDeadline(time.Now().Add(writeWithin)) // a writer that knows none is a test's
	if _, err := e.Write(b.Bytes()); err != nil {
		return err
	}
	return e.control.Flush()
}
