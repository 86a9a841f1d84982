package web

import "net/http"

// Queues makes the handler of asynq's own view, below /queues/. It serves whom allowed
// lets in, and leaves everybody else to refuse.
type Queues func(allowed func(*http.Request) bool, refuse http.Handler) (http.Handler, error)

// mountQueues makes it, if there is one. Every role may look: it changes nothing and shows
// no number.
func (d *Dashboard) mountQueues(make Queues) (err error) {
	if make == nil {
		return nil
	}
	allowed := func(r *http.Request) bool { _, known := d.caller(r); return known }
	refuse := func(w http.ResponseWriter, r *http.Request) { d.admit(w, r) }
	d.queues, err = make(allowed, http.HandlerFunc(refuse))
	return err
}
