package fallback

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Door is the one way in which anything changes a message.
type Door struct {
	Ledger Ledger
	Book   Book
	Queue  Queue
	Remedy func(campaign.Lane) Remedy // nil: Await, everywhere
	Nudge  func()                     // wakes the scheduler; nil: nobody listens
	Stamp  func() Stamp               // draws a fresh stamp; nil: at random
}

// Order is an event for a message.
type Order struct {
	ID    campaign.MessageID
	Event Event
	Known *Record // as it was last seen; spares a read if it is still so
}

// Result is what became of one order, or of one record that was judged.
type Result struct {
	Before, After Record // the same when the event changed nothing; on an error, what After would be
	Err           error  // ErrNoMessage, ErrNoAttempt, ErrNoCampaign, or an answer of Ledger.Save
}

// Moved says whether the event took the message to another phase or leg.
func (r Result) Moved() bool { return r.Err == nil && moved(r.Before.State, r.After.State) }

// maxRounds bounds how often facts are judged anew when others move the same
// messages. Each round somebody has won, so a handful is plenty.
const maxRounds = 32

// Advance tells messages what happened to them: it loads the records, asks the
// machine, saves, and performs the effects. Several orders for one message are judged
// in their order and saved as one. The results are in the order of the orders; now is
// the time that the history notes. The error is of effects that could not be
// performed: the messages have moved all the same, and line or clock will heal it.
func (d *Door) Advance(ctx context.Context, now time.Time, orders ...Order) ([]Result, error) {
	results := make([]Result, len(orders))
	todo := make([]int, len(orders))
	for i := range todo {
		todo[i] = i
	}
	var all work
	for round := 0; len(todo) > 0; round++ {
		groups, err := d.load(ctx, orders, todo, round == 0)
		if err != nil {
			return failed(results, todo, err), errors.Join(err, d.perform(ctx, all))
		}
		saved := d.step(ctx, now, groups, orders, results)
		all.add(saved)
		todo = todo[:0]
		for _, g := range groups {
			for _, i := range g.orders {
				if errors.Is(results[i].Err, ErrStale) && orders[i].Event.Kind.lasting() && round < maxRounds {
					todo = append(todo, i)
				}
			}
		}
	}
	return results, d.perform(ctx, all)
}

// Judge tells records, as they were taken from line or clock, the event that they were
// taken for. A record that moved meanwhile answers ErrStale: the event is void.
func (d *Door) Judge(ctx context.Context, now time.Time, records []Record, kind EventKind) ([]Result, error) {
	return d.judgeEach(ctx, now, records, func(int) Event { return Event{Kind: kind} })
}

func (d *Door) judgeEach(ctx context.Context, now time.Time, records []Record, event func(i int) Event) ([]Result, error) {
	results := make([]Result, len(records))
	orders := make([]Order, len(records))
	groups := make([]*group, len(records))
	for i := range records {
		orders[i] = Order{ID: records[i].ID, Event: event(i)}
		groups[i] = &group{record: records[i], orders: []int{i}}
	}
	saved := d.step(ctx, now, groups, orders, results)
	return results, d.perform(ctx, saved)
}

// group is a record and the orders that concern it, by their index.
type group struct {
	record   Record
	believed bool // the record was not read for these orders
	orders   []int
}

// load groups the orders by message, with their records: as they are known, if that
// may be believed, else as the ledger has them.
func (d *Door) load(ctx context.Context, orders []Order, todo []int, believe bool) ([]*group, error) {
	byID := make(map[campaign.MessageID]*group, len(todo))
	groups := make([]*group, 0, len(todo))
	for _, i := range todo {
		id := orders[i].ID
		g := byID[id]
		if g == nil {
			g = &group{}
			byID[id] = g
			groups = append(groups, g)
		}
		if known := orders[i].Known; believe && known != nil {
			g.record, g.believed = *known, true
		}
		g.orders = append(g.orders, i)
	}
	var ids []campaign.MessageID
	var unknown []*group
	for _, g := range groups {
		if g.record.Stamp == 0 {
			ids, unknown = append(ids, orders[g.orders[0]].ID), append(unknown, g)
		}
	}
	if len(ids) == 0 {
		return groups, nil
	}
	records, err := d.Ledger.Load(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("load %d messages: %w", len(ids), err)
	}
	for i, g := range unknown {
		g.record = records[i]
	}
	return groups, nil
}

// work is the effects of saved moves.
type work struct {
	jobs  []Job
	nudge bool
}

func (w *work) add(o work) {
	w.jobs, w.nudge = append(w.jobs, o.jobs...), w.nudge || o.nudge
}

// step judges each group, saves what changed, and says what is to be done.
func (d *Door) step(ctx context.Context, now time.Time, groups []*group, orders []Order, results []Result) (done work) {
	moves := make([]Move, 0, len(groups))
	moving := make([]*group, 0, len(groups))
	effects := make([]Effects, 0, len(groups))
	for _, g := range groups {
		move, do, changed := d.judge(ctx, now, g, orders, results)
		if changed {
			moves, moving, effects = append(moves, move), append(moving, g), append(effects, do)
		}
	}
	if len(moves) == 0 {
		return done
	}
	for i, err := range d.Ledger.Save(ctx, moves) {
		after := moves[i].After
		for _, k := range moving[i].orders {
			if results[k].Err != nil {
				continue
			}
			results[k].After, results[k].Err = *after, err
		}
		if err != nil {
			continue
		}
		done.nudge = done.nudge || effects[i]&Nudge != 0
		if effects[i]&(Enqueue|Inquire) != 0 {
			c, _ := d.Book.Campaign(ctx, after.ID.Number()) // judge has just had it
			done.jobs = append(done.jobs, d.job(c, after))
		}
	}
	return done
}

// judge asks the machine about all of a group's orders, one after the other.
func (d *Door) judge(ctx context.Context, now time.Time, g *group, orders []Order, results []Result) (m Move, do Effects, changed bool) {
	fail := func(err error) (Move, Effects, bool) {
		for _, i := range g.orders {
			results[i].Err = err
		}
		return Move{}, 0, false
	}
	if g.record.Stamp == 0 {
		return fail(ErrNoMessage)
	}
	c, err := d.Book.Campaign(ctx, g.record.ID.Number())
	if err != nil {
		return fail(err)
	}
	before := g.record
	after := before.clone()
	after.Stamp = d.stamp()
	for _, i := range g.orders {
		e := orders[i].Event
		results[i] = Result{Before: before, After: before}
		if about := e.Attempt; about != (campaign.AttemptID{}) && (about.Leg() >= len(c.Route) || !after.knows(about)) {
			results[i].Err = ErrNoAttempt
			continue
		}
		e.remedy = d.remedy(c, after.State)
		do |= one(c, &after, e, now)
		if e.Kind == OnStill {
			m.Place = Place{Kind: Clock, In: e.In}
		}
		m.Claim = m.Claim || e.Kind == OnClaim
	}
	if after.equal(&before) && do&Rearm == 0 {
		if g.believed { // what is not news to an old record may be to the present one
			return fail(ErrStale)
		}
		return Move{}, 0, false
	}
	m.Before, m.After = &before, &after
	switch {
	case moved(before.State, after.State):
		m.Place = placeOf(c, &after, d.remedy(c, after.State))
	case do&Rearm == 0:
		m.Place = Place{Kind: Kept}
	}
	if m.Claim {
		m.NotAfter = c.NotAfter(after.To, after.Time, now)
	}
	m.Counts = Difference(&before, &after)
	return m, do, true
}

// one takes a single event into the record.
func one(c *campaign.Campaign, r *Record, e Event, now time.Time) Effects {
	e = r.whole(linked(c, r, e))
	e.overtaken, e.settled = r.outrun(e.Attempt), r.denied(e, now)
	before := *r
	next, do := Step(c, r.State, e)
	r.State = next
	if hasMoved := moved(before.State, next); hasMoved || e.Kind.lasting() && !e.Kind.claimed() {
		note(&before, r, e, now)
		if hasMoved {
			r.arrive(c, e, now)
		}
	}
	if r.State.Marks.Has(Erased) {
		r.erase()
	}
	return do
}

// arrive brings what goes with a new phase: a ticket or a claim, the time from which
// a message in line may go, the time of the close, and the end of what is not needed.
func (r *Record) arrive(c *campaign.Campaign, e Event, now time.Time) {
	r.Due, r.Closed = time.Time{}, time.Time{}
	switch p := r.State.Phase; {
	case p == Queued || p == Sending:
		r.State.Ticket = r.Stamp
	case p == Scheduled:
		r.State.Ticket = 0
		r.Due = c.Opens(r.To, e.At, now)
		if e.Kind == OnRetry {
			r.Time = now
		}
	case !p.Open():
		r.State.Ticket = 0
		r.Closed = now
		r.resolve()
		if p == Delivered || p == Cancelled || p == Suppressed {
			r.Variables = nil
		}
	}
}

func (d *Door) stamp() Stamp {
	if d.Stamp != nil {
		return d.Stamp()
	}
	for {
		if s := Stamp(rand.Uint64()); s != 0 {
			return s
		}
	}
}

func (d *Door) perform(ctx context.Context, w work) error {
	if w.nudge && d.Nudge != nil {
		d.Nudge()
	}
	if len(w.jobs) == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx) // the messages are queued in the record already
	if err := d.Queue.Enqueue(ctx, w.jobs); err != nil {
		return fmt.Errorf("enqueue %d jobs: %w", len(w.jobs), err)
	}
	return nil
}

func failed(results []Result, todo []int, err error) []Result {
	for _, i := range todo {
		results[i].Err = err
	}
	return results
}
