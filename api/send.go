package api

import (
	"errors"
	"io"
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
)

// postMessages takes single messages into their campaigns. The answer is about each; a
// call that is repeated takes nothing twice.
func (s *Server) postMessages(w http.ResponseWriter, r *http.Request, _ Caller) error {
	if err := contentType(r, "application/json"); err != nil {
		return err
	}
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, campaign.MaxMessagesBody))
	if err != nil {
		return brokenOff(err)
	}
	list, err := campaign.ParseMessages(data)
	if file := (*campaign.FileError)(nil); errors.As(err, &file) {
		return mistaken(invalidBody, file)
	} else if err != nil {
		return err
	}
	results, err := s.campaigns.Add(r.Context(), list)
	if err != nil {
		return err
	}
	answer := MessagesAnswer{Messages: results}
	for _, result := range results {
		switch result.Result {
		case campaign.Accepted:
			answer.Accepted++
		case campaign.AlreadyThere:
			answer.AlreadyThere++
		default:
			answer.Rejected++
		}
	}
	return reply(w, http.StatusOK, answer)
}
