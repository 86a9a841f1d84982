package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// Query asks about a lane and its account, and, where Campaign is not zero, about one
// campaign on them.
type Query struct{ Lane, Account, Campaign Scope }

// Status is how things stand for one Query.
type Status struct {
	Wait      time.Duration // until a slot could be had; 0: now; Forever: paused
	Obstacle                // what the slot waits for
	Booked    int           // slots of the lane that were booked in the last whole second
	PerSecond float64       // the pace that the limits allow; +Inf without limits
	Gentle    int           // size of the present block while the lane starts gently, else 0
}

// Status looks at all queries in one round trip, and changes nothing.
func (l *Limiter) Status(ctx context.Context, queries []Query) ([]Status, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	var keys []string
	var args []any
	for _, q := range queries {
		ss := q.scopes()
		keys = append(keys, ss.keys()...)
		args = append(args, len(ss))
		for i := range ss {
			args = append(args, ss.arguments(i)...)
		}
	}
	f, err := l.call(ctx, statusScript, keys, args...)
	if err != nil {
		return nil, fmt.Errorf("look at %d lanes: %w", len(queries), err)
	}
	answer := make([]Status, 0, len(queries))
	for i, q := range queries {
		answer = append(answer, f.list(i+1).status(q.scopes()))
	}
	return answer, nil
}

func (q Query) scopes() scopes { return together(q.Lane, q.Account, q.Campaign) }

func (f fields) status(ss scopes) Status {
	return Status{
		Wait:      f.span(0),
		Obstacle:  f.list(1).obstacle(ss),
		Booked:    int(f.number(2)),
		PerSecond: ss.perSecond(),
		Gentle:    int(f.number(3)),
	}
}
