package ratelimit

import "time"

// twin is the scripts' arithmetic in Go, on top of Limits.Next. It is told the time.
type twin map[string]*twinScope

type twinScope struct {
	booked        []time.Time
	till, since   time.Time
	paused        time.Time
	reason, why   string
	by            string
	step          int
	gentle        *twinBlock
	turn          time.Time
	second        int64
	count, before int
}

type twinBlock struct {
	size, granted, ok int
	id                int64
	due               time.Time
}

const (
	twinPoll = 100 * time.Millisecond
	twinLost = 25 * time.Second
)

func (w twin) at(s Scope) *twinScope {
	if w[s.key("")] == nil {
		w[s.key("")] = new(twinScope)
	}
	return w[s.key("")]
}

// block is the present block at this time; one whose results stay away begins again.
func (s *twinScope) block(now time.Time) *twinBlock {
	if s.gentle == nil {
		return nil
	}
	b := *s.gentle
	if b.granted > b.ok && !now.Before(b.due) {
		b.granted, b.ok, b.id = 0, 0, max(now.UnixMicro(), b.id+1)
	}
	return &b
}

func (s *twinScope) begin(now time.Time) {
	id := now.UnixMicro()
	if s.gentle != nil {
		id = max(id, s.gentle.id+1)
	}
	s.gentle = &twinBlock{size: 1, id: id}
}

// earliest is the first time that suits all scopes, and what it waits for.
func (w twin) earliest(ss scopes, granted []time.Time, now time.Time) (time.Time, int, Obstacle) {
	at, who, o := now, -1, Obstacle{}
	for i, scope := range ss {
		s := w.at(scope)
		wait := func(t time.Time, c Obstacle) {
			if t.After(at) {
				c.Kind, c.Name = scope.Kind, scope.Name
				at, who, o = t, i, c
			}
		}
		if s.paused.IsZero() {
			wait(s.till, Obstacle{Cause: Held, Reason: s.reason, Since: s.since})
		} else {
			wait(now.Add(Forever), Obstacle{Cause: Paused, Reason: s.why, By: s.by, Since: s.paused})
		}
		if b := s.block(now); b != nil && b.size-b.granted <= len(granted) {
			wait(now.Add(twinPoll), Obstacle{Cause: Starting})
		}
		booked := append(append([]time.Time(nil), s.booked...), granted...)
		wait(scope.Limits.next(booked, now, ss.bunch(i)), Obstacle{Cause: AtLimit})
	}
	return at, who, o
}

func (w twin) book(r request, now time.Time) grant {
	g := grant{now: now, slots: []time.Time{}}
	at, who, o := w.earliest(r.scopes, nil, now)
	for len(g.slots) < r.want && !at.After(now.Add(horizon)) {
		g.slots = append(g.slots, at)
		at, who, o = w.earliest(r.scopes, g.slots, now)
	}
	g.obstacle = o
	if o.Cause == AtLimit && at.Sub(now) <= patience {
		lot := r.scopes.lot()
		at = w.turn(r.scopes[who], at, now, min(r.waiting-len(g.slots), lot), max(0, lot-len(g.slots)))
	}
	g.again = at.Sub(now)
	if len(g.slots) > 0 {
		g.blocks = w.take(r.scopes, g.slots, now)
	}
	w.at(r.scopes[0]).tally(len(g.slots)+r.uncounted, now)
	return g
}

// turn gives a turn to whoever needs more slots; who needs none comes after those who
// have one, and the later the more slots it left.
func (w twin) turn(scope Scope, at, now time.Time, more, left int) time.Time {
	s, spacing := w.at(scope), scope.Limits.spacing()
	others := s.turn.After(at) && !s.turn.After(now.Add(patience))
	if others {
		at = s.turn
	}
	if more > 0 {
		s.turn = at.Add(time.Duration(more) * spacing)
		return at
	}
	if others {
		at = at.Add(time.Duration(left) * spacing)
	}
	return at
}

func (w twin) take(ss scopes, slots []time.Time, now time.Time) (blocks []block) {
	for i, scope := range ss {
		s := w.at(scope)
		keep := 0
		for _, w := range scope.Limits.windows(ss.bunch(i)) {
			keep = max(keep, w.n)
		}
		s.booked = append(s.booked, slots...)
		s.booked = s.booked[max(0, len(s.booked)-keep):]
		if b := s.block(now); b != nil {
			b.granted += len(slots)
			b.due = now.Add(twinLost)
			s.gentle = b
			blocks = append(blocks, block{scope, b.id})
		}
	}
	return blocks
}

func (s *twinScope) tally(n int, now time.Time) {
	if n == 0 {
		return
	}
	switch second := now.Unix(); second - s.second {
	case 0:
		s.count += n
	case 1:
		s.second, s.count, s.before = second, n, s.count
	default:
		s.second, s.count, s.before = second, n, 0
	}
}

func (w twin) hold(h hold, random float64, now time.Time) {
	s := w.at(h.scope)
	span := h.span
	if span == 0 {
		if s.till.After(now) {
			return
		}
		steps := h.steps.steps(random)
		span = steps[min(s.step, len(steps)-1)].Truncate(time.Microsecond)
		s.step = min(s.step, len(steps)-1) + 1
	}
	if till := now.Add(span); till.After(s.till) {
		if !s.till.After(now) {
			s.since = now
		}
		s.till, s.reason = till, h.reason
	}
	s.begin(now)
}

func (w twin) pause(scope Scope, reason, by string, now time.Time) {
	s := w.at(scope)
	if s.paused.IsZero() {
		s.paused = now
	}
	s.why, s.by = reason, by
	s.begin(now)
}

func (w twin) release(scope Scope) { w.at(scope).paused = time.Time{} }

func (w twin) report(r report, now time.Time) {
	s := w.at(r.block.scope)
	b := s.gentle
	if b == nil || b.id != r.block.id {
		return
	}
	b.granted -= r.unused
	b.ok += r.ok
	if b.ok > 0 {
		s.step = 0
	}
	switch {
	case b.ok < b.size:
	case 2*b.size > r.block.scope.Limits.largestBlock():
		s.gentle = nil
	default:
		s.gentle = &twinBlock{size: 2 * b.size, id: max(now.UnixMicro(), b.id+1)}
	}
}

func (w twin) status(q Query, now time.Time) Status {
	ss := q.scopes()
	at, _, o := w.earliest(ss, nil, now)
	st := Status{Wait: at.Sub(now), Obstacle: o, PerSecond: ss.perSecond()}
	for _, scope := range ss {
		if b := w.at(scope).block(now); b != nil {
			st.Gentle = max(st.Gentle, b.size)
		}
	}
	lane := w.at(ss[0])
	switch now.Unix() - lane.second {
	case 0:
		st.Booked = lane.before
	case 1:
		st.Booked = lane.count
	}
	return st
}
