package api

import (
	"context"
	"errors"
	"slices"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// suppress writes that people want nothing more, and then ends every message to them that
// is open. It is the one way for a STOP, a provider's word, and an operator's. It says for
// how many of them that was new, and how many messages it ended.
func (s *Server) suppress(ctx context.Context, to ...campaign.Destination) (fresh, ended int, err error) {
	if fresh, err = s.people.SuppressAll(ctx, to...); err != nil {
		return 0, 0, err
	}
	ids, err := s.people.MessagesTo(ctx, slices.Compact(slices.Sorted(slices.Values(to)))...)
	if err != nil || len(ids) == 0 {
		return fresh, 0, err
	}
	orders := make([]fallback.Order, len(ids))
	for i, id := range ids {
		orders[i] = optOut(id)
	}
	results, _ := s.door.Advance(ctx, s.now(), orders...)
	for _, result := range results {
		switch {
		case result.Moved():
			ended++
		case !fallback.Absent(result.Err):
			err = errors.Join(err, result.Err)
		}
	}
	return fresh, ended, err
}

func optOut(id campaign.MessageID) fallback.Order {
	return fallback.Order{ID: id, Event: fallback.Event{Kind: fallback.OnOptOut, Reason: "opted out"}}
}
