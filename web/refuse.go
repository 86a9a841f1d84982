package web

import (
	"net/http"

	"github.com/seed-438792ba/cascade/api"
	"github.com/seed-438792ba/cascade/client"
)

// tryAgain is after how many seconds a page is asked for again that could not be read now.
const tryAgain = "5"

// refused is what a page shows that could not be shown.
type refused struct {
	Status int
	Title  string
	Text   string
	Faults []client.Fault
}

// fail shows what the API said.
func (d *Dashboard) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, p := refusal(err)
	if p == nil {
		d.log.Error("a page cannot be read", "error", err)
		d.refuse(w, r, status, "The page could not be read. Try again in a moment.")
		return
	}
	d.explain(w, r, refused{status, p.Title, p.Detail, p.Faults})
}

func (d *Dashboard) refuse(w http.ResponseWriter, r *http.Request, status int, text string) {
	d.explain(w, r, refused{Status: status, Title: http.StatusText(status), Text: text})
}

func (d *Dashboard) explain(w http.ResponseWriter, r *http.Request, what refused) {
	f := d.bare(what.Title, r.URL.Path)
	f.Main = what
	if what.Status == http.StatusServiceUnavailable && r.Method == http.MethodGet {
		w.Header().Set("Refresh", tryAgain) // a page that is looked at comes back by itself
	}
	d.render(w, what.Status, "refused", f)
}

// nothing answers for what is not there.
func (d *Dashboard) nothing(w http.ResponseWriter, r *http.Request) {
	if _, admitted := d.admit(w, r, api.Viewer); admitted {
		d.refuse(w, r, http.StatusNotFound, "There is no such page.")
	}
}

// stranger answers a request that another site's page made a browser send.
func (d *Dashboard) stranger(w http.ResponseWriter, r *http.Request) {
	d.refuse(w, r, http.StatusForbidden, "This came from another site's page, so nothing was done. If it did not, the proxy before Cascade changes the header Host: let it through.")
}
