package api

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// addSuppressions notes people who want nothing more: those that JSON names, or those of a
// file, as they come. What is open to them ends before the answer, as after a STOP.
func (s *Server) addSuppressions(w http.ResponseWriter, r *http.Request, by Caller) error {
	if err := contentType(r, "application/json", "text/csv", "application/x-ndjson"); err != nil {
		return err
	}
	if isUpload(r) {
		return s.importSuppressions(w, r, by)
	}
	_, to, err := readPeople(r, by)
	if err != nil {
		return err
	}
	var answer SuppressAnswer
	err = s.suppressSome(r, &answer, to)
	if by.touched(answer.Accepted); err != nil {
		return err
	}
	return reply(w, http.StatusOK, answer)
}

// suppressSome adds what became of these people to the answer.
func (s *Server) suppressSome(r *http.Request, answer *SuppressAnswer, to []campaign.Destination) error {
	fresh, ended, err := s.suppress(r.Context(), to...)
	answer.Accepted, answer.AlreadyThere, answer.Ended = answer.Accepted+fresh, answer.AlreadyThere+len(to)-fresh, answer.Ended+ended
	return err
}

// suppressAtOnce is how many rows of a file are taken together. Each may have a message in
// every campaign.
const suppressAtOnce = 250

// importSuppressions takes a file of numbers. A row that is no number is told with its
// line; a file that is repeated does nothing twice.
func (s *Server) importSuppressions(w http.ResponseWriter, r *http.Request, by Caller) error {
	by.because(r.URL.Query().Get("reason"))
	untimed(w)
	up := &upload{from: http.MaxBytesReader(w, r.Body, MaxUpload), alive: deadlines(w)}
	answer := SuppressAnswer{Reasons: map[campaign.Reason]int{}}
	err := s.takeSuppressions(r, up, &answer)
	by.touched(answer.Accepted)
	switch {
	case err != nil && up.broken.Load():
		return brokenOff(err)
	case err != nil:
		return err
	}
	return reply(w, http.StatusOK, answer)
}

func (s *Server) takeSuppressions(r *http.Request, up io.Reader, answer *SuppressAnswer) error {
	form, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	rows, err := uploads[form](up, suppressionFile(r), campaign.ReaderOptions{Name: "suppressions"})
	if err != nil {
		return err
	}
	defer func() { answer.Blank = rows.Blank() }()
	to := make([]campaign.Destination, 0, suppressAtOnce)
	for {
		recipient, reject, end := rows.Next()
		switch {
		case end != nil:
		case reject != nil:
			answer.reject(reject)
		default:
			to = append(to, recipient.To)
		}
		if len(to) == suppressAtOnce || end != nil && len(to) > 0 {
			if err := s.suppressSome(r, answer, to); err != nil {
				return err
			}
			to = to[:0]
		}
		if errors.Is(end, io.EOF) {
			return nil
		} else if end != nil {
			return end
		}
	}
}

// suppressionFile says how the file is read: as that of a campaign that sends nothing. The
// query names the region of numbers without a country code, and the column, if that is
// not called destination.
func suppressionFile(r *http.Request) campaign.Campaign {
	file := campaign.Campaign{ID: "suppressions", Recipients: campaign.Columns{Region: r.URL.Query().Get("region")}}
	if column := r.URL.Query().Get("column"); column != "" {
		file.Recipients.Names = map[string]string{"destination": column}
	}
	return file
}

// mostRejectsTold bounds how many rejected rows an answer names; all are counted.
const mostRejectsTold = 1000

func (a *SuppressAnswer) reject(why *campaign.Reject) {
	a.Rejected++
	a.Reasons[why.Reason]++
	if len(a.Rejects) < mostRejectsTold {
		a.Rejects = append(a.Rejects, RejectedRow{Line: why.Line, Column: why.Column, Reason: why.Reason, Text: why.Text})
	}
}

// countSuppressions says how many people want nothing.
func (s *Server) countSuppressions(w http.ResponseWriter, r *http.Request, _ Caller) error {
	n, err := s.people.HowManySuppressed(r.Context())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, SuppressedCount{People: n})
}

// checkSuppressions says of each person whether they want nothing.
func (s *Server) checkSuppressions(w http.ResponseWriter, r *http.Request, by Caller) error {
	_, to, err := readPeople(r, by)
	if err != nil {
		return err
	}
	found, err := s.people.Suppressed(r.Context(), to...)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, SuppressedAnswer{Suppressed: found})
}

// removeSuppressions lets people be sent to again, from the next message on. It says why,
// for it goes against what they once said.
func (s *Server) removeSuppressions(w http.ResponseWriter, r *http.Request, by Caller) error {
	o, to, err := readPeople(r, by)
	if err != nil {
		return err
	}
	if o.Reason == "" {
		return wanted("reason", "want the reason for which these people may be sent to again: the journal keeps it")
	}
	had, err := s.people.Allow(r.Context(), to...)
	if err != nil {
		return err
	}
	by.touched(had)
	return reply(w, http.StatusOK, AllowAnswer{Removed: had, NotThere: len(to) - had})
}
