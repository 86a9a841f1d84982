package fallback

import (
	"context"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// TestRest tells it in minutes after noon: sent at 10, with a wait of 30.
func TestRest(t *testing.T) {
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	still := func(from, until int) Still { return Still{From: at(from), Until: at(until)} }
	open := func(from, until int) Still { return Still{From: at(from), Until: at(until), Open: true} }
	back := func(s Still, minutes int) Still { s.Back = at(minutes); return s }
	for _, c := range []struct {
		name   string
		now    int
		stills []Still
		want   int
	}{
		{"nothing stood still", 40, nil, 0},
		{"before it was sent", 40, []Still{still(0, 10)}, 0},
		{"five minutes meanwhile", 40, []Still{still(20, 25)}, 5},
		{"and they are over", 45, []Still{still(20, 25)}, 0},
		{"it began before the message was sent", 40, []Still{still(0, 15)}, 5},
		{"two that overlap count once", 40, []Still{still(20, 26), still(24, 30), still(22, 25)}, 10},
		{"two apart", 40, []Still{still(30, 32), still(20, 25)}, 7},
		{"it stands still now, until 60", 40, []Still{still(30, 60)}, 30},
		{"the same, a little later", 50, []Still{still(30, 60)}, 20},
		{"now, and nobody knows how long", 40, []Still{open(30, 390)}, 10},
		{"and only just: it is looked at again in a minute", 40, []Still{open(40, 390)}, 0},
		{"a few seconds of it", 41, []Still{open(39, 390)}, 1},
		{"its latest end is past", 400, []Still{open(30, 390)}, 0},
		{"and what was left is waited for", 399, []Still{open(30, 390)}, 1},
		{"receipts were back before it was sent", 40, []Still{back(still(0, 30), 10)}, 0},
		{"they came back after", 40, []Still{back(still(0, 30), 11)}, 20},
		{"it has yet to begin", 40, []Still{still(41, 60)}, 0},
		{"its wait was over before", 60, []Still{still(45, 60)}, 0},
	} {
		r := &Record{State: State{Phase: Waiting}, History: []Attempt{{Claimed: at(9), Answered: at(10)}}}
		if got := r.Rest(30*time.Minute, c.stills, at(c.now)); got != time.Duration(c.want)*time.Minute {
			t.Errorf("%s: %s, want %d min", c.name, got, c.want)
		}
	}
	for _, r := range []Record{
		{State: State{Phase: Waiting}},
		{State: State{Phase: Sending}, History: []Attempt{{Claimed: at(10)}}},
		{State: State{Phase: Queued}, History: []Attempt{{Claimed: at(10)}}},
	} {
		if got := r.Rest(30*time.Minute, []Still{still(0, 60)}, at(40)); got != 0 {
			t.Errorf("%s rests %s, want 0", r.State, got)
		}
	}
	unknown := &Record{State: State{Phase: Unknown}, History: []Attempt{{Claimed: at(10)}}}
	if got := unknown.Rest(30*time.Minute, []Still{still(20, 25)}, at(40)); got != 5*time.Minute {
		t.Errorf("a request that may have been taken rests %s, want 5m", got)
	}
}

// What is put off stays where it is, and its alarm rings later. What moved meanwhile is
// not put off.
func TestPutOff(t *testing.T) {
	m := newMemory(campaign.Campaign{ID: "c", Route: threeLegs.Route})
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	put := func() error {
		results, err := d.PutOff(ctx, m.now, []Record{m.records[id].clone()}, []time.Duration{7 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		return results[0].Err
	}
	before := m.records[id]
	if err := put(); err != nil || m.records[id].Stamp != before.Stamp {
		t.Errorf("a message in line was put off: %v", err)
	}
	d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn)
	d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}})
	d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnAccepted, Attempt: id.Attempt(0, 0)}})
	before = m.records[id]
	if err := put(); err != nil {
		t.Fatal(err)
	}
	after := m.records[id]
	if after.State != before.State || after.Stamp == before.Stamp || m.places[id] != (Place{Kind: Clock, In: 7 * time.Minute}) {
		t.Errorf("it is %s at %+v, want %s with an alarm in 7m", after.State, m.places[id], before.State)
	}
	m.before = func() {
		m.before = nil
		d.Advance(ctx, m.now, Order{ID: id, Event: Event{Kind: OnDelivered, Attempt: id.Attempt(0, 0)}})
	}
	if err := put(); err != ErrStale || m.records[id].State.Phase != Delivered {
		t.Errorf("a message that was delivered meanwhile: %v, and it is %s", err, m.records[id].State)
	}
}
