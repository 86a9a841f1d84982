package api

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// exporters write lines in a form.
var exporters = map[string]struct {
	contentType string
	start       func(io.Writer) (put func(Line) error, end func() error)
}{
	"ndjson": {"application/x-ndjson", exportJSON},
	"csv":    {"text/csv; charset=utf-8; header=present", exportCSV},
}

// exportCampaign streams a line for each message.
func (s *Server) exportCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	format := r.URL.Query().Get("format")
	if format == "" {
		format = "ndjson"
	}
	x, known := exporters[format]
	if !known {
		return malformed.because("want the query format=csv or format=ndjson")
	}
	st, err := s.campaigns.Status(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	untimed(w)
	leave, err := s.exports.take(r.Context())
	if err != nil {
		return err
	}
	defer leave()
	w = Steady(w)
	attach(w, x.contentType, st.Campaign.ID+"."+format)
	out := bufio.NewWriterSize(w, 64<<10)
	put, end := x.start(out)
	// The ledger may give a record twice while its table grows; an export tells each
	// message once. That is 16 bytes for each.
	told := make(map[campaign.MessageID]struct{}, st.Summary.Accepted)
	err = s.campaigns.Each(r.Context(), st.Number, func(record *fallback.Record) error {
		if _, again := told[record.ID]; again {
			return nil
		}
		told[record.ID] = struct{}{}
		return put(NewLine(st.Campaign, record, by.Role == Admin, s.codes))
	})
	if err != nil {
		return fmt.Errorf("export campaign %q: %w", st.Campaign.ID, err)
	}
	if err := end(); err != nil {
		return err
	}
	return out.Flush()
}

// attach says that what follows is a file.
func attach(w http.ResponseWriter, contentType, name string) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

func exportJSON(w io.Writer) (put func(Line) error, end func() error) {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return func(l Line) error { return e.Encode(l) }, func() error { return nil }
}

// csvHeader has the names of a line in JSON.
var csvHeader = []string{"campaign", "message", "destination", "phase", "channel", "reason", "overlap", "read", "late", "attempts", "closed_at", "meaning", "what_to_do"}

func exportCSV(w io.Writer) (put func(Line) error, end func() error) {
	c := csv.NewWriter(w)
	_ = c.Write(csvHeader) // its error comes back from the end
	put = func(l Line) error {
		cells, err := l.cells()
		if err != nil {
			return err
		}
		return c.Write(cells)
	}
	return put, func() error { c.Flush(); return c.Error() }
}

// cells are the line in the order of csvHeader; the attempts are JSON in their cell.
func (l Line) cells() ([]string, error) {
	attempts, err := json.Marshal(l.Attempts)
	if err != nil {
		return nil, err
	}
	closed := ""
	if l.ClosedAt != nil {
		closed = l.ClosedAt.Format(time.RFC3339Nano)
	}
	return []string{
		campaign.Shielded(l.Campaign), l.Message.String(), l.Destination, l.Phase, l.Channel.String(), campaign.Shielded(l.Reason),
		strconv.FormatBool(l.Overlap), strconv.FormatBool(l.Read), strconv.FormatBool(l.Late), string(attempts), closed, l.Meaning, l.Mend,
	}, nil
}
