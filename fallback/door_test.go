package fallback

import (
	"context"
	"errors"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
)

func TestFactsAreJudgedAnewWhenTheRecordMoved(t *testing.T) {
	m := newMemory(threeLegs)
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn)
	ticket := m.records[id].State.Ticket
	d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: ticket}})

	times := 0
	m.before = func() { // a receipt gets in between load and save, once
		if times++; times == 1 {
			r := m.records[id]
			r.Stamp, r.State.Phase = 999, Waiting
			m.records[id] = r
		}
	}
	results, err := d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnUndelivered, Attempt: id.Attempt(0, 0), End: Undelivered}})
	if err != nil || results[0].Err != nil {
		t.Fatalf("Advance: %v, %v", err, results[0].Err)
	}
	if got := m.records[id].State; got.Phase != Scheduled || got.Leg != 1 || times != 2 {
		t.Errorf("after %d saves the message is %s, want scheduled 1 after 2", times, got)
	}
}

func TestAlarmsTurnsAndClaimsAreVoidWhenTheRecordMoved(t *testing.T) {
	for _, kind := range []EventKind{OnTurn, OnAlarm} {
		m := newMemory(threeLegs)
		d := m.door()
		id := m.add("+393401234567")
		old := m.records[id].clone()
		if kind == OnAlarm {
			old.State.Phase = Waiting
		}
		moved := m.records[id]
		moved.Stamp = 77
		m.records[id] = moved
		results, err := d.Judge(context.Background(), m.now, []Record{old}, kind)
		if err != nil || !errors.Is(results[0].Err, ErrStale) {
			t.Errorf("%s on a record that moved: %v, %v; want ErrStale", kind, err, results[0].Err)
		}
		if len(m.jobs) != 0 || m.records[id].Stamp != 77 {
			t.Errorf("%s on a record that moved had an effect", kind)
		}
	}
}

func TestUnknownMessagesAndAttempts(t *testing.T) {
	m := newMemory(threeLegs)
	id := m.add("+393401234567")
	stranger := campaign.IDKey{}.Message("c", "+393400000000", "")
	results, _ := m.door().Advance(context.Background(), m.now,
		Order{ID: stranger, Event: Event{Kind: OnDelivered, Attempt: stranger.Attempt(0, 0)}},
		Order{ID: id, Event: Event{Kind: OnDelivered, Attempt: id.Attempt(2, 0)}},
		Order{ID: id, Event: Event{Kind: OnDelivered, Attempt: id.Attempt(9, 0)}},
		Order{ID: id, Event: Event{Kind: OnDelivered, Attempt: id.Attempt(0, 3)}},
	)
	for i, want := range []error{ErrNoMessage, ErrNoAttempt, ErrNoAttempt, ErrNoAttempt} {
		if !errors.Is(results[i].Err, want) {
			t.Errorf("order %d: %v, want %v", i, results[i].Err, want)
		}
	}
	if got := m.records[id].State; got != (State{}) {
		t.Errorf("the message moved to %s", got)
	}
}

func TestSeveralOrdersForOneMessageAreOneSave(t *testing.T) {
	m := newMemory(threeLegs)
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn)
	d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}})
	saves := m.saves
	var orders []Order
	for _, k := range []EventKind{OnSent, OnDelivered, OnRead, OnDelivered} {
		orders = append(orders, Order{ID: id, Event: Event{Kind: k, Attempt: id.Attempt(0, 0)}})
	}
	if _, err := d.Advance(ctx, m.now, orders...); err != nil {
		t.Fatal(err)
	}
	if got := m.records[id].State; got.Phase != Delivered || !got.Marks.Has(Read) || m.saves != saves+1 {
		t.Errorf("%s after %d saves, want delivered and read after one", got, m.saves-saves)
	}
	if v := m.records[id].Variables; v != nil {
		t.Errorf("a delivered message kept its variables")
	}
}

func TestAKnownRecordSparesTheRead(t *testing.T) {
	m := newMemory(threeLegs)
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn)
	claimed, _ := d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}})
	known := claimed[0].After
	accepted := Order{ID: id, Event: Event{Kind: OnAccepted, Attempt: id.Attempt(0, 0)}, Known: &known}

	reads := m.reads
	if _, err := d.Advance(ctx, m.now, accepted); err != nil || m.reads != reads || m.records[id].State.Phase != Waiting {
		t.Errorf("with a record that is still so: %d reads, message %s, %v; want none, waiting", m.reads-reads, m.records[id].State, err)
	}
	if _, err := d.Advance(ctx, m.now, accepted, Order{ID: id, Event: Event{Kind: OnDelivered, Attempt: id.Attempt(0, 0)}, Known: &known}); err != nil || m.reads != reads+1 || m.records[id].State.Phase != Delivered {
		t.Errorf("with one that has moved: %d reads, message %s, %v; want one, delivered", m.reads-reads, m.records[id].State, err)
	}
}

func TestTheLedgersFailureIsTold(t *testing.T) {
	away := errors.New("away")
	d := &Door{Ledger: broken{away}, Book: newMemory(threeLegs)}
	results, err := d.Advance(context.Background(), newMemory(threeLegs).now, Order{})
	if !errors.Is(err, away) || !errors.Is(results[0].Err, away) {
		t.Errorf("Advance: %v and %v, want both to say why", err, results[0].Err)
	}
}

type broken struct{ err error }

func (b broken) Load(context.Context, []campaign.MessageID) ([]Record, error) { return nil, b.err }
func (b broken) Save(context.Context, []Move) []error                         { return nil }

// What an old record takes for no news may be news to the present one.
func TestAKnownRecordThatIsStaleIsReadAnew(t *testing.T) {
	m := newMemory(threeLegs)
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	known := m.records[id].clone()
	d.Judge(ctx, m.now, []Record{known}, OnTurn)
	claimed, _ := d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}})
	mark := claimed[0].After.State.Ticket

	refused := Event{Kind: OnRefused, Attempt: id.Attempt(0, 0), Mark: mark, Reason: "no such user"} // in line there is no claim that it could speak of
	results, err := d.Advance(ctx, m.now, Order{ID: id, Event: refused, Known: &known})
	if err != nil || results[0].Err != nil || !results[0].Moved() {
		t.Fatalf("refused, told to an old record: %v, %v, moved %t", err, results[0].Err, results[0].Moved())
	}
	if got := m.records[id].State; got.Phase != Scheduled || got.Leg != 1 {
		t.Errorf("the message is %s, want scheduled on its second leg", got)
	}

	saves := m.saves
	old := results[0].After
	claim := Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: mark}, Known: &old}
	if results, _ := d.Advance(ctx, m.now, claim); !errors.Is(results[0].Err, ErrStale) || m.saves != saves {
		t.Errorf("a claim that a known record does not allow: %v, want ErrStale and no save", results[0].Err)
	}
}

// Who gives up after a save has queued a message does not leave it without its job.
func TestAJobIsEnqueuedThoughTheCallerGaveUp(t *testing.T) {
	m := newMemory(threeLegs)
	ctx, giveUp := context.WithCancel(context.Background())
	m.before = giveUp
	q := &strict{memory: m}
	d := m.door()
	d.Queue = q
	id := m.add("+393401234567")
	if _, err := d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn); err != nil {
		t.Errorf("Judge: %v", err)
	}
	if got := m.records[id].State; got.Phase != Queued || len(m.jobs) != 1 || m.jobs[0].Ticket != got.Ticket {
		t.Errorf("the message is %s, its jobs are %+v; want queued, and one of its ticket", got, m.jobs)
	}
}

// strict is a queue that takes nothing from who gave up.
type strict struct{ *memory }

func (s *strict) Enqueue(ctx context.Context, jobs []Job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.memory.Enqueue(ctx, jobs)
}

const noLeg = -1 // of an event that concerns the message as a whole

// A message that is closed while an attempt is in doubt: nothing told of that attempt,
// and the report says so.
func TestDoubtEndsWithTheMessage(t *testing.T) {
	for _, closing := range []struct {
		on   EventKind
		leg  int
		want Phase
	}{
		{OnDelivered, 0, Delivered}, // of the leg before
		{OnRead, 0, Delivered},
		{OnOptOut, noLeg, Suppressed},
	} {
		m := newMemory(threeLegs)
		d := m.door()
		id := m.add("+393401234567")
		tell := func(kind EventKind, leg int) {
			t.Helper()
			r := m.records[id].clone()
			e := Event{Kind: kind, Mark: r.State.Ticket}
			if leg != noLeg {
				e.Attempt = id.Attempt(leg, 0)
			}
			var results []Result
			if kind == OnTurn || kind == OnAlarm {
				results, _ = d.Judge(context.Background(), m.now, []Record{r}, kind)
			} else {
				results, _ = d.Advance(context.Background(), m.now, Order{ID: id, Event: e})
			}
			if results[0].Err != nil {
				t.Fatalf("%s: %v", kind, results[0].Err)
			}
		}
		for _, kind := range []EventKind{OnTurn, OnClaim, OnAccepted, OnAlarm} {
			tell(kind, 0)
		}
		for _, kind := range []EventKind{OnTurn, OnClaim, OnUncertain} {
			tell(kind, 1)
		}
		if r := m.records[id]; r.State.Phase != Unknown || r.History[1].Doubt != InDoubt {
			t.Fatalf("before it is closed the message is %s, its doubt %q", r.State, r.History[1].Doubt)
		}
		tell(closing.on, closing.leg)
		r := m.records[id]
		if r.State.Phase != closing.want || r.History[1].Doubt != DoubtByPolicy {
			t.Errorf("%s: %s with the doubt %q, want %s and policy", closing.on, r.State, r.History[1].Doubt, closing.want)
		}
		if n := m.counts[Count{What: Resolved, By: uint8(DoubtByPolicy)}]; n != 1 {
			t.Errorf("%s: %d doubts are counted as resolved by policy, want 1", closing.on, n)
		}
	}
}
