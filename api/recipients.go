package api

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// MaxUpload bounds one upload of people, in bytes.
const MaxUpload = 1 << 30

// uploads are the forms in which recipients may come, by their content type.
var uploads = map[string]func(io.Reader, campaign.Campaign, campaign.ReaderOptions) (Rows, error){
	"text/csv": func(from io.Reader, c campaign.Campaign, o campaign.ReaderOptions) (Rows, error) {
		return campaign.NewReader(from, c, o)
	},
	"application/x-ndjson": func(from io.Reader, c campaign.Campaign, o campaign.ReaderOptions) (Rows, error) {
		return campaign.NewObjectReader(from, c, o)
	},
}

// isUpload says whether a body is of a form in which recipients come.
func isUpload(r *http.Request) bool {
	form, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return uploads[form] != nil
}

// importRecipients takes recipients of any number into a campaign, as they come. It may be
// called any number of times: rows that are there already are counted as such.
func (s *Server) importRecipients(w http.ResponseWriter, r *http.Request, by Caller) error {
	if err := contentType(r, "text/csv", "application/x-ndjson"); err != nil {
		return err
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	untimed(w)
	up := &upload{from: http.MaxBytesReader(w, r.Body, MaxUpload), alive: deadlines(w)}
	imported, err := s.read(r, st, up)
	if by.touched(imported.Accepted); err != nil {
		if up.broken.Load() {
			return brokenOff(err)
		}
		return err
	}
	return reply(w, http.StatusOK, imported)
}

func (s *Server) read(r *http.Request, st Status, up io.Reader) (campaign.ImportReport, error) {
	form, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	rows, err := uploads[form](up, *st.Campaign, campaign.ReaderOptions{Now: s.now()})
	if err != nil {
		return campaign.ImportReport{}, err
	}
	return s.campaigns.Import(r.Context(), st.Campaign.ID, rows)
}

// upload remembers whether a body broke off, for then it is the sender's fault that an
// import failed. The import may still read when it has failed for another reason.
type upload struct {
	from   io.Reader
	alive  func(ended bool) // called around each read
	broken atomic.Bool
}

func (u *upload) Read(p []byte) (int, error) {
	u.alive(false)
	n, err := u.from.Read(p)
	if err == io.EOF {
		u.alive(true)
	}
	if err != nil && err != io.EOF {
		u.broken.Store(true)
	}
	return n, err
}

// standstill is how long nothing may come of an upload before it is given up: a start of
// its campaign waits for it.
const standstill = time.Minute

// deadlines gives what puts the deadline of a body off for as long as it comes on, and
// lifts it at its end. A writer that knows no deadlines is a test's.
func deadlines(w http.ResponseWriter) func(ended bool) {
	c := http.NewResponseController(w)
	var until time.Time
	return func(ended bool) {
		switch now := time.Now(); {
		case ended:
			_ = c.SetReadDeadline(time.Time{})
		case until.Sub(now) < standstill/2:
			until = now.Add(standstill)
			_ = c.SetReadDeadline(until)
		}
	}
}

// showRejects gives the rejected rows as a file that can be mended and loaded again.
func (s *Server) showRejects(w http.ResponseWriter, r *http.Request, _ Caller) error {
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	found, err := s.campaigns.Rejects(r.Context(), st.Number)
	if err != nil {
		return err
	}
	attach(w, "text/csv; charset=utf-8; header=present", st.Campaign.ID+"-rejects.csv")
	out, err := campaign.NewRejectsWriter(w, found.Header, ',')
	if err != nil {
		return err
	}
	for _, row := range found.Rows {
		if err := out.Write(row); err != nil {
			return err
		}
	}
	if found.Cut {
		text := fmt.Sprintf("only %d rejected rows are kept of a campaign, and there may be more: mend these, or load smaller files into other campaigns", len(found.Rows))
		if err := out.Write(campaign.Reject{Reason: "not_kept", Text: text}); err != nil {
			return err
		}
	}
	return out.Flush()
}
