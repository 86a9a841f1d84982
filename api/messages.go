package api

import (
	"net/http"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// showMessage tells a message's story. The id of one of its attempts, as a provider
// shows it, leads to it as well.
func (s *Server) showMessage(w http.ResponseWriter, r *http.Request, by Caller) error {
	id, err := readMessageID(r.PathValue("id"))
	if err != nil {
		return err
	}
	records, err := s.door.Ledger.Load(r.Context(), []campaign.MessageID{id})
	if err != nil {
		return err
	}
	if records[0].Stamp == 0 {
		return fallback.ErrNoMessage
	}
	c, err := s.door.Book.Campaign(r.Context(), id.Number())
	if err != nil {
		return err
	}
	return reply(w, http.StatusOK, NewStory(c, &records[0], by.Role == Admin, s.codes))
}

func readMessageID(text string) (campaign.MessageID, error) {
	if a, err := campaign.ParseAttemptID(text); err == nil {
		return a.Message(), nil
	}
	id, err := campaign.ParseMessageID(text)
	if err != nil {
		return id, notFound.because("this is no message's id: want a UUID of version 8, as exports and logs show it")
	}
	return id, nil
}
