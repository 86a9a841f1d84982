package simulator

import (
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"time"
)

//go:embed page.html seen.html
var pageFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{"clock": clockOf}).ParseFS(pageFiles, "*.html"))

// clockOf is the time of day of microseconds of Unix time, in UTC.
func clockOf(micros int64) string { return time.UnixMicro(micros).UTC().Format("15:04:05.000") }

// front is the page on which a scenario is chosen.
func (s *Simulator) front(w http.ResponseWriter, r *http.Request) {
	stats, err := json.MarshalIndent(s.Stats(), "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.show(w, "page.html", map[string]any{
		"Magic": Magic(), "Presets": Presets(), "Stats": string(stats), "Scenario": s.Scenario().String(),
	})
}

// lastSeen is how many requests the page of them lists.
const lastSeen = 200

// seen is the page of the latest requests, numbers masked.
func (s *Simulator) seen(w http.ResponseWriter, r *http.Request) {
	total := s.journal.held()
	var records []Record
	for rec := range s.Log(total - min(total, lastSeen)) {
		if len(records) == lastSeen { // more came while these were read
			break
		}
		records = append(records, rec)
	}
	s.show(w, "seen.html", map[string]any{"Records": records, "Total": total})
}

// show writes a page, which loads nothing from anywhere and posts to this place only.
func (s *Simulator) show(w http.ResponseWriter, name string, data any) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'")
	if err := pages.ExecuteTemplate(w, name, data); err != nil {
		s.logger.Warn("the page could not be written", "page", name, "error", err)
	}
}
