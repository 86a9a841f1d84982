package api

import (
	"context"
	"errors"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// apply tells the messages what a callback says of them, in one call of the door. It
// says how many receipts held a word that nobody defined.
func (s *Server) apply(ctx context.Context, a *account, receipts []campaign.Receipt) (undefined int, err error) {
	orders := make([]fallback.Order, 0, len(receipts))
	about := map[int]*campaign.Receipt{} // by the order that it became
	orphans := 0
	var replies []inbound
	for i := range receipts {
		r := &receipts[i]
		r.Account = a.name
		event, isNews := fallback.Receipt(*r)
		switch {
		case r.Kind == campaign.ReceiptInbound:
			stop, err := s.hear(ctx, a, r)
			if err != nil {
				return undefined, err
			}
			replies = append(replies, inbound{r, stop})
			continue
		case !isNews:
			a.count(ReceiptUndefined)
			undefined++
			if r.Attempt != (campaign.AttemptID{}) { // its lane was heard of all the same
				if _, err := s.owns(ctx, a, r.Attempt); err != nil {
					return undefined, err
				}
			}
			continue
		case r.Attempt == campaign.AttemptID{}:
			attempt, found, err := s.receipts.FindOrPark(ctx, a.name, *r)
			if err != nil {
				return undefined, err
			}
			if !found {
				a.count(ReceiptParked)
				continue
			}
			event.Attempt = attempt
		}
		owned, err := s.owns(ctx, a, event.Attempt)
		switch {
		case err != nil:
			return undefined, err
		case owned:
			r.Attempt, about[len(orders)] = event.Attempt, r
			orders = append(orders, fallback.Order{ID: event.Attempt.Message(), Event: event})
			if r.Cause == campaign.CauseOptedOut { // in the same save, so that no other leg is sent
				orders = append(orders, optOut(event.Attempt.Message()))
			}
		default:
			orphans++
		}
	}
	results, strays, err := s.advance(ctx, orders)
	if err != nil {
		return undefined, err
	}
	for i, r := range about {
		s.learn(ctx, a, r, results[i])
	}
	if err := s.passOn(ctx, replies); err != nil {
		return undefined, err
	}
	for range orphans + strays {
		a.count(ReceiptOrphaned)
		if err := s.receipts.Orphan(ctx, a.name); err != nil {
			return undefined, err
		}
	}
	return undefined, nil
}

// owns says whether the attempt is sent over this account. A callback of one account
// moves nothing of another's. Whatever it says, its lane has been heard of.
func (s *Server) owns(ctx context.Context, a *account, id campaign.AttemptID) (bool, error) {
	c, err := s.door.Book.Campaign(ctx, id.Message().Number())
	if errors.Is(err, fallback.ErrNoCampaign) {
		return false, nil
	}
	owned := err == nil && id.Leg() < len(c.Route) && c.Route[id.Leg()].Account == a.name
	if owned {
		s.heard(c.Route[id.Leg()].Lane())
	}
	return owned, err
}

// advance goes through the door. It counts the receipts that no message claims; an
// opt-out speaks of messages that may never have been.
func (s *Server) advance(ctx context.Context, orders []fallback.Order) (results []fallback.Result, orphans int, err error) {
	if len(orders) == 0 {
		return nil, 0, nil
	}
	results, effects := s.door.Advance(ctx, s.now(), orders...)
	for i, result := range results {
		switch {
		case result.Err == nil && orders[i].Event.Kind == fallback.OnOptOut:
			_, _, failed := s.suppress(ctx, result.Before.To)
			err = errors.Join(err, failed)
		case result.Err == nil:
		case fallback.Absent(result.Err):
			if orders[i].Event.Kind != fallback.OnOptOut {
				orphans++
			}
		default:
			err = errors.Join(err, result.Err)
		}
	}
	if err == nil && effects != nil {
		s.log.Warn("effects were not performed; line or clock will heal it", "error", effects)
	}
	return results, orphans, err
}

// inbound is what a person wrote.
type inbound struct {
	*campaign.Receipt
	stop bool // they want nothing more
}

// hear takes what a person wrote, which opens the window for an answer, and says whether
// they ask to get no more messages. Who does is suppressed before anything else, and then
// every message to them that is still open.
func (s *Server) hear(ctx context.Context, a *account, r *campaign.Receipt) (stop bool, err error) {
	a.count(InboundMessage)
	if r.Channel == campaign.WhatsApp {
		if err := s.people.OpenWindow(ctx, a.name, r.From, r.At); err != nil {
			return false, err
		}
	}
	if stop = s.stops.Has(r.Text); stop {
		a.count(OptOut)
		_, _, err = s.suppress(ctx, r.From)
	}
	return stop, err
}

// passOn passes what people wrote on to who wants to know. It comes last, so that trouble
// with it keeps no message from what the same callback says of it.
func (s *Server) passOn(ctx context.Context, replies []inbound) (err error) {
	if s.inbox == nil {
		return nil
	}
	for _, r := range replies {
		err = errors.Join(err, s.inbox.PassOn(ctx, *r.Receipt, r.stop))
	}
	return err
}
