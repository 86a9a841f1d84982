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
	story := NewStory(c, &records[0], by.Role == Admin, s.codes)
	if to := records[0].To; to != "" {
		unwanted, err := s.people.Suppressed(r.Context(), to)
		if err != nil {
			return err
		}
		if unwanted[0] {
			story.Sentences = append(story.Sentences, Sentence{Text: "The person wants nothing more: no campaign sends to them."})
		}
	}
	return reply(w, http.StatusOK, story)
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
