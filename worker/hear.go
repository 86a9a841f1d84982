package worker

import (
	"context"
	"errors"

	"github.com/seed-438792ba/cascade/fallback"
	"github.com/seed-438792ba/cascade/provider"
)

// hearAll records what was found. It gives back what an answer about several left out.
func (d *desk) hearAll(ctx context.Context, questions []question, found provider.Findings) (left []question) {
	readable := found.Outcome.Kind == provider.Accepted
	switch {
	case readable:
	case d.quit.Err() != nil: // broken off, which is nobody's answer
		return nil
	default:
		d.complain(found.Outcome)
	}
	for _, q := range questions {
		events, told := answer(q, found)
		if !told && readable && len(questions) > 1 {
			q.alone = true
			left = append(left, q)
			continue
		}
		d.hear(ctx, q, events)
	}
	return left
}

// answer is what was said of one attempt. A word that nobody defined says nothing.
func answer(q question, found provider.Findings) (events []fallback.Event, told bool) {
	for _, r := range found.News {
		if r.Attempt != q.job.Attempt {
			continue
		}
		told = true
		if e, ok := fallback.Receipt(r); ok {
			e.Asked = true
			events = append(events, e)
		}
	}
	for _, id := range found.Missing {
		if id == q.job.Attempt {
			told = true
			events = append(events, fallback.Event{Kind: fallback.OnMissing, Attempt: id, Mark: q.job.Ticket, Asked: true})
		}
	}
	return events, told
}

// hear records what was said of an attempt. Where the leg's wait is over, an answer that
// does not settle it rings the alarm, which else would ring a little later: judged, as
// alarms are, against the record that the question was asked of.
func (d *desk) hear(ctx context.Context, q question, events []fallback.Event) {
	if q.job.Last && !settled(q, events) {
		events = append(events, fallback.Event{Kind: fallback.OnAlarm})
	}
	if len(events) == 0 {
		return
	}
	orders := make([]fallback.Order, len(events))
	for i, e := range events {
		orders[i] = fallback.Order{ID: q.record.ID, Event: e, Known: &q.record}
	}
	d.insist(ctx, "record what the provider says of attempt "+q.job.Attempt.String(), func(ctx context.Context) error {
		results, err := d.worker.Door.Advance(ctx, d.worker.Now(), orders...)
		for _, r := range results {
			if !fallback.Absent(r.Err) && !errors.Is(r.Err, fallback.ErrStale) {
				err = errors.Join(err, r.Err)
			}
		}
		return err
	})
}

// settled says whether what was said ends the wait, or begins that for a receipt.
func settled(q question, events []fallback.Event) bool {
	for _, e := range events {
		switch e.Kind {
		case fallback.OnDelivered, fallback.OnRead, fallback.OnUndelivered:
			return true
		case fallback.OnSent:
			return q.record.State.Phase == fallback.Unknown
		}
	}
	return false
}
