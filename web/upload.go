package web

import (
	"context"
	"fmt"
	"mime/multipart"
	"net/http"

	"github.com/seed-438792ba/cascade/api"
)

// upload is what a form with a file does. The form is read as it comes, and never held as a
// whole: what is small stands before the file.
type upload struct {
	path string
	role api.Role
	most int64 // bytes of the form, whatever it holds
	do   func(context.Context, *visit, *multipart.Reader) (to, said string, err error)
}

// What a form may hold besides its file.
const (
	mostFields   = 64
	longestField = 64 << 10
	besides      = 256 << 10 // bytes of boundaries, names and fields
)

// tooMuch is the answer to a form that no page of ours sends.
func tooMuch() error {
	return wrongForm(fmt.Sprintf("A form has at most %d fields, and a file in the end. Nothing was done.", mostFields))
}

// take serves an upload. It takes as long as the browser sends.
func (d *Dashboard) take(u upload) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		by, admitted := d.admit(w, r, u.role)
		if !admitted {
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, u.most)
		form, err := r.MultipartReader()
		if err != nil {
			d.refuse(w, r, http.StatusBadRequest, "The form could not be read: want one with a file.")
			return
		}
		within(w, 0)
		to, said, err := u.do(as(r.Context(), by), d.visit(r, by), form)
		if err != nil {
			d.fail(w, r, err)
			return
		}
		d.sessions.Put(r.Context(), heldSaid, said)
		http.Redirect(w, r, ours(to), http.StatusSeeOther)
	}
}
