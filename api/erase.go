package api

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// erasePerson forgets one person on request. They are suppressed first, and for good: that
// ends a message in every open phase, where a cancel leaves what was sent its receipts to
// wait for, and no file or service brings the person back. Of their messages what the
// counts are made of stays. A call that broke off is repeated.
func (s *Server) erasePerson(w http.ResponseWriter, r *http.Request, by Caller) error {
	o, to, err := readPerson(r, by)
	switch {
	case err != nil:
		return err
	case o.Reason == "":
		return wanted("reason", "want the reason, as the number of the request: the journal keeps it; write no number or name of the person there")
	}
	answer, err := s.erase(r.Context(), to)
	if by.touched(max(answer.Messages, answer.Ended)); err != nil {
		return err
	}
	return reply(w, http.StatusOK, answer)
}

func (s *Server) erase(ctx context.Context, to campaign.Destination) (answer EraseAnswer, err error) {
	if _, answer.Ended, err = s.suppress(ctx, to); err != nil {
		return answer, err
	}
	ids, err := s.people.MessagesTo(ctx, to)
	if err != nil {
		return answer, err
	}
	records, err := s.door.Ledger.Load(ctx, ids)
	if err != nil {
		return answer, err
	}
	records = slices.DeleteFunc(records, func(r fallback.Record) bool { return r.Stamp == 0 })
	answer.Rows, answer.Callbacks, err = s.people.EraseTraces(ctx, to, slices.Collect(maps.Keys(s.accounts)), records)
	if err != nil {
		return answer, err
	}
	orders := make([]fallback.Order, len(records))
	for i := range records {
		orders[i] = fallback.Order{ID: records[i].ID, Event: fallback.Event{Kind: fallback.OnErase}}
	}
	results, _ := s.door.Advance(ctx, s.now(), orders...)
	for _, result := range results {
		switch {
		case result.Err == nil && !result.Before.State.Marks.Has(fallback.Erased):
			answer.Messages++
		case !fallback.Absent(result.Err):
			err = errors.Join(err, result.Err)
		}
	}
	if err != nil {
		return answer, err
	}
	return answer, s.people.EraseIndex(ctx, to)
}
