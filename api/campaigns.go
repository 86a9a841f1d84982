package api

import (
	"io"
	"net/http"
	"net/url"

	"github.com/seed-438792ba/cascade/campaign"
)

func (s *Server) report(st Status, lanes []Lane) Report {
	return Report{st.Summary, Reason(Snapshot{Status: st, Lanes: lanes, Now: s.now()}), st.Webhook}
}

// readCampaign reads the campaign of a body, against the configuration.
func (s *Server) readCampaign(w http.ResponseWriter, r *http.Request) (campaign.Campaign, error) {
	if err := contentType(r, "application/json", "application/yaml", "application/x-yaml", "text/yaml"); err != nil {
		return campaign.Campaign{}, err
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, campaign.MaxFileSize))
	if err != nil {
		return campaign.Campaign{}, brokenOff(err)
	}
	return campaign.ParseFile("campaign", data, s.configured)
}

// createCampaign enters the campaign of the body. The same campaign again is no error.
func (s *Server) createCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	c, err := s.readCampaign(w, r)
	if err != nil {
		return err
	}
	by.about(c.ID)
	created, err := s.campaigns.Create(r.Context(), c)
	if err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/campaigns/"+url.PathEscape(c.ID))
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	return s.show(w, r, status, c.ID)
}

func (s *Server) showCampaign(w http.ResponseWriter, r *http.Request, _ Caller) error {
	return s.show(w, r, http.StatusOK, r.PathValue("id"))
}

func (s *Server) show(w http.ResponseWriter, r *http.Request, status int, id string) error {
	st, err := s.campaigns.Status(r.Context(), id)
	if err != nil {
		return err
	}
	lanes, err := s.lanes.Lanes(r.Context())
	if err != nil {
		return err
	}
	return reply(w, status, s.report(st, lanes))
}
