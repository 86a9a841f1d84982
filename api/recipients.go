package api

import (
	"io"
	"net/http"
	"sync/atomic"

	"github.com/seed-438792ba/cascade/campaign"
)

// importRecipients takes a CSV of any size into a campaign, as it comes. It may be sent
// any number of times: rows that are there already are counted as such.
func (s *Server) importRecipients(w http.ResponseWriter, r *http.Request, _ Caller) error {
	if err := contentType(r, "text/csv"); err != nil {
		return err
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	untimed(w)
	up := &upload{from: r.Body}
	imported, err := s.read(r, st, up)
	if err != nil {
		if up.broken.Load() {
			return brokenOff(err)
		}
		return err
	}
	return reply(w, http.StatusOK, imported)
}

func (s *Server) read(r *http.Request, st Status, up io.Reader) (campaign.ImportReport, error) {
	rows, err := campaign.NewReader(up, *st.Campaign, campaign.ReaderOptions{Now: s.now()})
	if err != nil {
		return campaign.ImportReport{}, err
	}
	return s.campaigns.Import(r.Context(), st.Campaign.ID, rows)
}

// upload remembers whether a body broke off, for then it is the sender's fault that an
// import failed. The import may still read when it has failed for another reason.
type upload struct {
	from   io.Reader
	broken atomic.Bool
}

func (u *upload) Read(p []byte) (int, error) {
	n, err := u.from.Read(p)
	if err != nil && err != io.EOF {
		u.broken.Store(true)
	}
	return n, err
}
