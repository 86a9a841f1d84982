package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// patchCampaign changes a campaign's pace or window while it runs, and answers with the
// campaign as it is then, in the form of its file.
func (s *Server) patchCampaign(w http.ResponseWriter, r *http.Request, by Caller) error {
	const want = `{"throttle": ["50/1s"], "window": {"from": "09:00", "to": "21:00"}, "reason": "…"}`
	values := map[string]json.RawMessage{}
	if err := readBody(r, &values, want); err != nil {
		return err
	}
	var why string
	if text, given := values["reason"]; given && json.Unmarshal(text, &why) != nil {
		return wanted("reason", "want text")
	}
	by.because(why)
	delete(values, "reason")
	if len(values) == 0 {
		return malformed.because("nothing to change: want JSON as " + want)
	}
	c, err := s.campaigns.Patch(r.Context(), r.PathValue("id"), values)
	if file := (*campaign.FileError)(nil); errors.As(err, &file) {
		return mistaken(invalidBody, file)
	} else if err != nil {
		return err
	}
	return reply(w, http.StatusOK, c)
}
