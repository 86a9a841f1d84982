package api

import (
	"net/http"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// findMessages gives every message to one person, over all campaigns, the latest first.
func (s *Server) findMessages(w http.ResponseWriter, r *http.Request, by Caller) error {
	_, to, err := readPerson(r, by)
	if err != nil {
		return err
	}
	ids, err := s.people.MessagesTo(r.Context(), to)
	if err != nil {
		return err
	}
	records, err := s.door.Ledger.Load(r.Context(), ids)
	if err != nil {
		return err
	}
	records = slices.DeleteFunc(records, func(r fallback.Record) bool { return r.Stamp == 0 })
	slices.SortStableFunc(records, func(a, b fallback.Record) int { return b.Time.Compare(a.Time) })
	answer := FoundMessages{Messages: make([]FoundMessage, 0, len(records))}
	for i := range records {
		record := &records[i]
		c, err := s.door.Book.Campaign(r.Context(), record.ID.Number())
		if err != nil {
			return err
		}
		answer.Messages = append(answer.Messages, s.found(c, record, by))
	}
	return reply(w, http.StatusOK, answer)
}

func (s *Server) found(c *campaign.Campaign, r *fallback.Record, by Caller) FoundMessage {
	return FoundMessage{Line: NewLine(c, r, by.Role == Admin, s.codes), Scheduled: r.Time, Key: r.Key, Story: "/v1/messages/" + r.ID.String()}
}
