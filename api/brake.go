package api

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// Brake stops lanes for what receipts say of them.
type Brake interface {
	// Misconfigured pauses the lane, or the whole account, until somebody has mended it
	// for this reason and resumes it. A receipt about a request from before the last
	// resume says nothing of what was mended: then nothing is done.
	Misconfigured(ctx context.Context, l campaign.Lane, account bool, requested time.Time, reason string) error
	// Throttled holds the lane for a while.
	Throttled(ctx context.Context, l campaign.Lane) error
}

// learn looks at what a receipt says of the lane, besides the message that it moved. What
// cannot be done about it now is only told in the log: the next receipt will say it again.
func (s *Server) learn(ctx context.Context, a *account, r *campaign.Receipt, moved fallback.Result) {
	if !moved.Moved() {
		return // said before
	}
	c, err := s.door.Book.Campaign(ctx, r.Attempt.Message().Number())
	if err != nil {
		return // it was there a moment ago
	}
	number, lane := r.Attempt.Message().Number(), c.Route[r.Attempt.Leg()].Lane()
	code, known := a.explain(r.Reason)
	switch {
	case r.Kind < campaign.ReceiptDelivered: // sent says nothing of the end
	case r.Kind <= campaign.ReceiptRead || !known:
		s.runs.Fine(number, lane)
	case s.brake == nil:
	case r.Cause == campaign.CauseThrottled:
		err = s.brake.Throttled(ctx, lane)
	default:
		if count := s.runs.Tell(number, lane, code.Meaning, code); count > 0 {
			reason := code.ToMend(provider.RunReason(c.ID, count, r.Reason))
			err = s.brake.Misconfigured(ctx, lane, r.Cause == campaign.CauseAccount, claimed(&moved.After, r.Attempt), reason)
		}
	}
	if err != nil {
		s.log.Warn("a lane could not be stopped for what receipts say", "lane", lane.String(), "error", err)
	}
}

// explain finds what a reason of the account's means.
func (a *account) explain(reason string) (provider.Code, bool) {
	if a.codes == nil {
		return provider.Code{}, false
	}
	return a.codes.Explain(reason)
}

// claimed is when an attempt's request was claimed; zero if that is not known.
func claimed(r *fallback.Record, id campaign.AttemptID) time.Time {
	for i := range r.History {
		if h := &r.History[i]; int(h.Leg) == id.Leg() && int(h.Try) == id.Try() {
			return h.Claimed
		}
	}
	return time.Time{}
}
