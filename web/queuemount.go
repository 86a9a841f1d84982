package web

import (
	"net/http"

	"github.com/seed-438792ba/cascade/api"
)

// Queues makes the handler of asynq's own view, below /queues/. It serves whom allowed
// lets in, and leaves everybody else to refuse.
type Queues func(allowed func(*http.Request) bool, refuse http.Handler) (http.Handler, error)

// mountQueues makes it, if there is one. Every role may look: it changes nothing and shows
// no number. Its script asks again and again, which, as with a stream, renews no session.
func (d *Dashboard) mountQueues(view Queues) (err error) {
	if view == nil {
		return nil
	}
	allowed := func(r *http.Request) bool { _, known, err := d.watcher(r); return known && err == nil }
	refuse := func(w http.ResponseWriter, r *http.Request) { d.admit(w, r, api.Viewer) }
	d.queues, err = view(allowed, d.sessions.LoadAndSave(http.HandlerFunc(refuse)))
	return err
}
