package web

import (
	"context"
	"time"

	"github.com/seed-438792ba/cascade/client"
)

// work is what there is to do, over all lanes, and who does it.
type work struct {
	Pending, InHand, Due, Lined int
	Oldest                      *time.Time // since when the oldest pending job waits
	now                         time.Time
	Roles                       []roleView
	Lost                        int // processes
}

// Age is for how long the oldest job waits.
func (w work) Age() string { return queueView{client.Queue{OldestSince: w.Oldest}, w.now}.Age() }

func (v *visit) work(ctx context.Context, queues []client.Queue) (work, error) {
	w := work{now: v.now}
	for _, q := range queues {
		w.Pending, w.InHand, w.Due, w.Lined = w.Pending+q.Pending, w.InHand+q.Active, w.Due+q.Due, w.Lined+q.Lined
		if q.OldestSince != nil && (w.Oldest == nil || q.OldestSince.Before(*w.Oldest)) {
			w.Oldest = q.OldestSince
		}
	}
	found, err := v.Workers(ctx)
	if err != nil {
		return w, err
	}
	w.Roles, w.Lost = rolesOf(found)
	return w, nil
}
