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
