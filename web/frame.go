package web

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/api"
)

//go:embed templates
var templateFiles embed.FS

// frame is what every page is shown in.
type frame struct {
	Title       string
	Environment Environment
	Open        bool       // no tokens are configured
	By          api.Caller // without a name: nobody is logged in
	Path        string     // of the page
	Nav         []place
	AsOf        time.Time
	Alerts      []alert
	Said        string // what a deed has to say
	Stream      string // where the page's live numbers come from; "": it has none
	Main        any    // what the page has read
}

// place is one entry of the navigation.
type place struct{ Path, Title string }

// May says whether who looks has this role.
func (f *frame) May(role string) bool {
	needed, err := api.ParseRole(role)
	return err == nil && f.By.Role >= needed
}

// Here says whether an entry of the navigation is where the page is.
func (f *frame) Here(p place) bool {
	return f.Path == p.Path || p.Path != "/" && strings.HasPrefix(f.Path, p.Path+"/")
}

// bare is a frame that tells nothing of how things stand: for who is not logged in, and for
// what could not be shown.
func (d *Dashboard) bare(title, path string) *frame {
	return &frame{Title: title, Path: path, Environment: d.environment, Open: d.api.Open(), AsOf: d.now()}
}

// frame makes the frame of a page, with what the strip tells; the context says for whom.
func (d *Dashboard) frame(ctx context.Context, title string) *frame {
	f := d.bare(title, "")
	for _, p := range pages {
		if p.title != "" {
			f.Nav = append(f.Nav, place{p.path, p.title})
		}
	}
	f.Nav[0].Path = "/"
	f.Alerts = d.alerts(ctx)
	return f
}

// readTemplates reads each page's template into a set with the layout.
func (d *Dashboard) readTemplates() (map[string]*template.Template, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	const layout = "templates/layout.html"
	sets := map[string]*template.Template{}
	for _, name := range names {
		if name == layout {
			continue
		}
		set, err := template.New("").Funcs(words).Funcs(template.FuncMap{"asset": d.assets.path}).ParseFS(templateFiles, layout, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		sets[strings.TrimSuffix(strings.TrimPrefix(name, "templates/"), ".html")] = set
	}
	return sets, nil
}

// render answers with a page. It is made whole before it begins, so that a mistake in a
// template is an answer of its own and not half a page.
func (d *Dashboard) render(w http.ResponseWriter, status int, name string, f *frame) {
	var b bytes.Buffer
	if err := d.templates[name].ExecuteTemplate(&b, "page", f); err != nil {
		d.log.Error("a page cannot be shown", "page", name, "error", err)
		http.Error(w, "this page cannot be shown: it is a mistake in Cascade, and told in its log", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that has gone does not need it
}
