package ratelimit

import (
	"slices"
	"time"
)

const (
	// patience is how long a caller waits in place for its turn.
	patience = 2 * time.Second
	// gather is how long callers are gathered into one call after the last one.
	gather = 20 * time.Millisecond
	// crowd is how many callers do not wait for that.
	crowd = 32
	// shut is how long a group that must wait for longer than patience sends its callers
	// away without asking again.
	shut = 250 * time.Millisecond
)

// caller is somebody who waits for a turn.
type caller struct {
	came   time.Time
	answer chan answer // holds one
}

type answer struct {
	slot Slot
	err  error
}

// group is the callers that need the same scopes: those of one campaign with limits of
// its own, or of all campaigns without.
type group struct {
	scopes  scopes
	callers []*caller
	spare   []Slot    // booked for those who were expected and have not come yet
	offered int       // how many of the last slots were
	came    int       // how many came while the last slots lasted
	lasts   time.Time // until then
	asked   time.Time // when slots were last asked for
	ready   time.Time // when it is worth asking again
	open    time.Time // nothing limits the group until then: everybody may start
	passed  int       // how many have started so and were not counted yet
	shut    time.Time // everybody is sent away until then
	refusal WaitError // with this
}

// enter says what becomes of somebody who comes now, if no slot needs to be booked to
// say it: leave to start, or a refusal.
func (g *group) enter(now time.Time) (open bool, err error) {
	if now.Before(g.shut) {
		refusal := g.refusal
		return false, &refusal
	}
	if now.Before(g.open) {
		g.passed++
		return true, nil
	}
	return false, nil
}

// arrive counts somebody who comes while the last slots last, and gives them one that
// was booked for them.
func (g *group) arrive(now time.Time) (s Slot, ok bool) {
	if now.After(g.lasts) {
		return Slot{}, false
	}
	g.came++
	for len(g.spare) > 0 && !ok {
		s, g.spare = g.spare[0], g.spare[1:]
		ok = now.Add(toClaim).Before(s.void)
	}
	return s, ok
}

// expected is for how many more than those who wait slots are booked, since they will
// come while those last: whose requests are answered within a lease can use several of
// its slots, one after the other. A slot for somebody who does not come is lost for all,
// so expectations grow by what was used and are cut down to it.
func (g *group) expected(now time.Time) int {
	if now.Sub(g.lasts) > patience {
		return 0
	}
	if unused := len(g.spare); unused > 0 {
		return g.offered - unused
	}
	return min(g.came, 2*g.offered+4)
}

// keep keeps slots that nobody waits for, for those who are expected until then.
func (g *group) keep(slots []Slot, lasts time.Time) {
	g.spare, g.offered, g.came, g.lasts = slots, len(slots), 0, lasts
}

// plan says when to ask again, who is told that the next slot is `again` from now.
func (g *group) plan(now time.Time, again time.Duration, o Obstacle) {
	g.ready = now.Add(again - ahead)
	if again > patience {
		g.ready = now.Add(shut) // and then anew, for a pause may have been released
		g.shut, g.refusal = g.ready, WaitError{Wait: again, Obstacle: o}
	}
}

// due is when slots should be asked for.
func (g *group) due() time.Time {
	if len(g.callers) >= crowd {
		return g.ready
	}
	return later(g.ready, g.asked.Add(gather))
}

// leave takes a caller out, and says whether it was still there.
func (g *group) leave(c *caller) bool {
	i := slices.Index(g.callers, c)
	if i < 0 {
		return false
	}
	g.callers = slices.Delete(g.callers, i, i+1)
	return true
}

// serve hands the slots to those who have waited longest, and gives back the slots
// that nobody wants any more.
func (g *group) serve(slots []Slot) []Slot {
	n := min(len(slots), len(g.callers))
	for i, c := range g.callers[:n] {
		c.answer <- answer{slot: slots[i]}
	}
	g.callers = slices.Delete(g.callers, 0, n)
	return slots[n:]
}

// dismiss sends those away who would have waited too long in all by the time of their
// turn, when the next slot is `again` from now.
func (g *group) dismiss(now time.Time, again time.Duration, o Obstacle) {
	spacing, wait := g.scopes.spacing(), again
	g.callers = slices.DeleteFunc(g.callers, func(c *caller) bool {
		if now.Sub(c.came)+wait > patience {
			c.answer <- answer{err: &WaitError{Wait: wait, Obstacle: o}}
			return true
		}
		wait += spacing
		return false
	})
}
