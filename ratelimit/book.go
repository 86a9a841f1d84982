package ratelimit

import (
	"context"
	"fmt"
	"time"
)

// request asks for slots that suit all scopes.
type request struct {
	scopes    scopes
	want      int // at most; at least 1
	waiting   int // how many callers there are: more than were granted means to come again
	uncounted int // starts that needed no slot of their own since the last call
}

// grant is the script's answer to a request.
type grant struct {
	now      time.Time     // Redis' clock
	slots    []time.Time   // Redis' clock
	again    time.Duration // from now until it is worth asking again
	obstacle Obstacle      // what the next slot waits for
	blocks   []block       // the gentle starts that the slots belong to
}

// block is one step of a scope's gentle start.
type block struct {
	scope Scope
	id    int64
}

// book books slots. Called twice it books twice: the first ones are lost, no limit is
// broken.
func (l *Limiter) book(ctx context.Context, r request) (grant, error) {
	args := []any{r.want, r.waiting, r.uncounted, r.scopes.lot(), horizon.Microseconds(), patience.Microseconds()}
	for i := range r.scopes {
		args = append(args, r.scopes.arguments(i)...)
	}
	f, err := l.call(ctx, bookScript, r.scopes.keys(), args...)
	if err != nil {
		return grant{}, fmt.Errorf("book slots for %s: %w", r.scopes[0], err)
	}
	return f.grant(r.scopes), nil
}

func (f fields) grant(ss scopes) grant {
	g := grant{now: f.time(0), again: f.span(1), obstacle: f.list(2).obstacle(ss)}
	offsets, blocks := f.list(3), f.list(4)
	g.slots = make([]time.Time, 0, len(offsets))
	for i := range offsets {
		g.slots = append(g.slots, g.now.Add(offsets.span(i)))
	}
	for i := range blocks {
		if id := blocks.number(i); id != 0 {
			g.blocks = append(g.blocks, block{ss[i], id})
		}
	}
	return g
}
