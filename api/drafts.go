package api

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-438792ba/cascade/campaign"
)

// Drafts keeps campaigns that are being prepared, with their files of recipients. One that
// is not there, or no longer, is fallback.ErrNoCampaign. Each change puts off the end of all
// that is kept of a draft.
type Drafts interface {
	KeepDraft(ctx context.Context, d campaign.Draft) error
	// ChangeDraft keeps the draft's campaign in the place of the one before; its check is
	// gone then.
	ChangeDraft(ctx context.Context, d campaign.Draft) error
	Draft(ctx context.Context, id string) (campaign.Draft, error)
	Drafts(ctx context.Context) ([]campaign.Draft, error)
	DropDraft(ctx context.Context, id string) error
	// KeepDraftFile keeps a file as it comes, in the place of the one before, whose check is
	// gone then; what the reader answers with an error is in the error's chain. DraftFile
	// reads it back.
	KeepDraftFile(ctx context.Context, d campaign.Draft, name string, from io.Reader) (campaign.DraftFile, error)
	DraftFile(ctx context.Context, d campaign.Draft) io.Reader
	// KeepDraftCheck keeps what was found, if neither campaign nor file have changed since
	// the draft was read; else Options.Explain knows the error.
	KeepDraftCheck(ctx context.Context, d campaign.Draft, check campaign.DraftCheck) error
}

// DraftList is the answer that lists the drafts, the one that was changed last first.
type DraftList struct {
	Drafts []campaign.Draft `json:"drafts"`
}

// draft is the one that the path names.
func (s *Server) draft(r *http.Request, by Caller) (campaign.Draft, error) {
	if s.drafts == nil {
		return campaign.Draft{}, notFound.because("nobody keeps drafts here")
	}
	d, err := s.drafts.Draft(r.Context(), r.PathValue("draft"))
	if err == nil {
		by.about(d.Campaign.ID)
	}
	return d, err
}

func (s *Server) listDrafts(w http.ResponseWriter, r *http.Request, by Caller) error {
	list := DraftList{Drafts: []campaign.Draft{}}
	if s.drafts != nil {
		found, err := s.drafts.Drafts(r.Context())
		if err != nil {
			return err
		}
		for _, d := range found {
			list.Drafts = append(list.Drafts, shown(d, by))
		}
	}
	return reply(w, http.StatusOK, list)
}

func (s *Server) showDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, shown(d, by))
}

// shown is a draft as somebody may see it.
func shown(d campaign.Draft, by Caller) campaign.Draft {
	if d.Check != nil && by.Role < Admin {
		for i, row := range d.Check.Sample {
			d.Check.Sample[i].Destination = campaign.Destination(row.Destination).Masked()
		}
	}
	return d
}

// createDraft begins to prepare the campaign of the body.
func (s *Server) createDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	if s.drafts == nil {
		return notFound.because("nobody keeps drafts here")
	}
	d := campaign.Draft{ID: strings.ToLower(rand.Text())}
	if err := s.takeDraft(w, r, by, &d, s.drafts.KeepDraft); err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/drafts/"+url.PathEscape(d.ID))
	return reply(w, http.StatusCreated, shown(d, by))
}

// changeDraft puts the campaign of the body in the place of the draft's. Its file stays, and
// is looked at anew.
func (s *Server) changeDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	untimed(w)
	if err := s.takeDraft(w, r, by, &d, s.drafts.ChangeDraft); err != nil {
		return err
	}
	return s.checkAndShow(w, r, by)
}

// checkAndShow answers a change with the draft as it is now: whoever changed something else
// of it meanwhile has that checked as well.
func (s *Server) checkAndShow(w http.ResponseWriter, r *http.Request, by Caller) error {
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	if err := s.checkDraft(r.Context(), &d); err != nil {
		return err
	}
	return reply(w, http.StatusOK, shown(d, by))
}

func (s *Server) takeDraft(w http.ResponseWriter, r *http.Request, by Caller, d *campaign.Draft, keep func(context.Context, campaign.Draft) error) (err error) {
	if d.Campaign, err = s.readCampaign(w, r); err != nil {
		return err
	}
	by.about(d.Campaign.ID)
	d.By, d.ChangedAt = by.Name, s.now().UTC()
	return keep(r.Context(), *d)
}

// longestName is that of a file, in bytes, as file systems have it.
const longestName = 255

// keepRecipients keeps a file as it comes, and looks at it.
func (s *Server) keepRecipients(w http.ResponseWriter, r *http.Request, by Caller) error {
	if err := contentType(r, asCSV); err != nil {
		return err
	}
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	name := r.URL.Query().Get("name")
	if len(name) > longestName {
		return malformed.because(fmt.Sprintf("want a file's name of at most %d bytes in the query name", longestName))
	}
	untimed(w)
	up := &upload{from: http.MaxBytesReader(w, r.Body, MaxUpload), alive: deadlines(w)}
	if _, err := s.drafts.KeepDraftFile(r.Context(), d, name, up); err != nil {
		if up.broken.Load() {
			return brokenOff(err)
		}
		return err
	}
	return s.checkAndShow(w, r, by)
}

func (s *Server) dropDraft(w http.ResponseWriter, r *http.Request, by Caller) error {
	if _, err := readOrder(r, by); err != nil {
		return err
	}
	d, err := s.draft(r, by)
	if err != nil {
		return err
	}
	if err := s.drafts.DropDraft(r.Context(), d.ID); err != nil {
		return err
	}
	return reply(w, http.StatusOK, shown(d, by))
}
