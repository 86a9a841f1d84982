package fallback

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"pgregory.net/rapid"
)

// requests is a provider's log: how often each attempt's request was taken.
type requests map[campaign.AttemptID]int

// TestRandomLives tells a message random events, in any order and as often as the dice
// will, and checks after each what must hold under every fault.
func TestRandomLives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := threeLegs
		c.Route = c.Route[:rapid.IntRange(1, 3).Draw(t, "legs")]
		c.OnUnknown = rapid.SampledFrom([]campaign.Policy{campaign.AtMostOnce, campaign.AtLeastOnce}).Draw(t, "policy")
		m := newMemory(c)
		m.remedy = Remedy(rapid.IntRange(int(Await), int(Repeat)).Draw(t, "remedy"))
		d := m.door()
		id := m.add("+393401234567")
		taken := requests{}
		var closed *State
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			before := m.records[id]
			e := randomEvent(t, before, len(c.Route))
			if taken[e.Attempt] == 0 && (e.Kind.needsRequest()) {
				continue // no provider speaks of what it never had
			}
			m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{1, 61}).Draw(t, "seconds")) * time.Second)
			var results []Result
			if e.Kind.lasting() || e.Kind == OnClaim {
				results, _ = d.Advance(context.Background(), m.now, Order{ID: id, Event: e})
			} else {
				results, _ = d.Judge(context.Background(), m.now, []Record{before.clone()}, e.Kind)
			}
			after := m.records[id]
			if e.Kind == OnClaim && results[0].Moved() {
				a := after.Attempt()
				allowed := 1
				if m.remedy == Repeat {
					allowed = maxUnavailable // of which the provider takes one
				} else if after.State.Marks.Has(Resent) {
					allowed = 2 // by policy, and the history says so
				}
				if taken[a]++; taken[a] > allowed {
					t.Fatalf("attempt %s of leg %d was sent %d times", a, a.Leg(), taken[a])
				}
				if a := after.find(a.Leg(), a.Try()); taken[after.Attempt()] > 1 && a.Resent == 0 {
					t.Fatalf("leg %d was sent again, and its history does not tell: %+v", a.Leg, a)
				}
			}
			if e.Kind == OnPostponed || e.Kind == OnUnavailable || e.Kind == OnMisconfigured || e.Kind == OnMissing {
				if results[0].Moved() && before.State.Phase != Queued {
					taken[before.Attempt()] = 0 // the provider did not take it
				}
			}
			check(t, m, id, e, before, after, closed)
			if closed = nil; !after.State.Phase.Open() {
				s := after.State
				closed = &s
			}
		}
	})
}

func (k EventKind) needsRequest() bool {
	switch k {
	case OnAccepted, OnRefused, OnInvalid, OnSent, OnDelivered, OnRead, OnUndelivered, OnUncertain, OnUnavailable, OnPostponed, OnMisconfigured, OnMissing:
		return true
	}
	return false
}

func randomEvent(t *rapid.T, r Record, legs int) Event {
	e := Event{Kind: EventKind(rapid.IntRange(0, int(eventCount)-1).Draw(t, "kind"))}
	leg := rapid.IntRange(0, legs-1).Draw(t, "leg")
	if rapid.IntRange(0, 3).Draw(t, "own") > 0 {
		leg = int(r.State.Leg)
	}
	e.Attempt = r.ID.Attempt(leg, int(r.State.Try))
	if e.Mark = r.State.Ticket; rapid.IntRange(0, 9).Draw(t, "old") == 0 {
		e.Mark += 1000
	}
	if e.Kind == OnUndelivered {
		e.End = End(rapid.IntRange(int(Undelivered), int(Rejected)).Draw(t, "end"))
		e.Everywhere = rapid.IntRange(0, 5).Draw(t, "everywhere") == 0
	}
	if e.Kind == OnRetry && rapid.IntRange(0, 5).Draw(t, "retry") > 0 {
		e.Kind = OnAlarm
	}
	return e
}

func check(t *rapid.T, m *memory, id campaign.MessageID, e Event, before, after Record, closed *State) {
	b, a := before.State, after.State
	say := fmt.Sprintf("%s took %s to %s", e.Kind, b, a)
	if a.Leg < b.Leg && a.Phase != Delivered && a.Try == b.Try {
		t.Fatalf("%s: the leg went back", say)
	}
	if closed != nil && a.Phase != closed.Phase && e.Kind != OnRetry {
		t.Fatalf("%s: a closed phase was left", say)
	}
	if a.Marks&(Read|Overlap|Late) < b.Marks&(Read|Overlap|Late) {
		t.Fatalf("%s: a mark was lost", say)
	}
	place, stands := m.places[id]
	if stands != a.Phase.Open() {
		t.Fatalf("%s: open %t, but stands somewhere %t", say, a.Phase.Open(), stands)
	}
	if inLine := stands && place.Kind == Line; inLine != (a.Phase == Scheduled) {
		t.Fatalf("%s: stands in %+v", say, place)
	}
	for i := range before.History {
		if was, is := before.History[i].Best, after.History[i].Best; is < was && was > FactStarted {
			t.Fatalf("%s: the rank of leg %d fell from %s to %s", say, before.History[i].Leg, was, is)
		}
	}
	if got, want := m.counts, m.recount(); !maps.Equal(got, want) {
		t.Fatalf("%s: counts %v, a recount gives %v", say, got, want)
	}
}

// TestReceiptsInAnyOrder shows that the same receipts, in any order and as often as
// they come, end in the same facts while no escalation was sent between them.
func TestReceiptsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := campaign.IDKey{}.Message("c", "+393401234567", "")
		kinds := []Event{{Kind: OnAccepted}, {Kind: OnSent}, {Kind: OnDelivered}, {Kind: OnRead}, {Kind: OnUndelivered, End: Undelivered}, {Kind: OnDelivered}}
		var events []Event
		for _, e := range kinds {
			if e.Kind == OnDelivered || rapid.Bool().Draw(t, e.Kind.String()) {
				e.Attempt = id.Attempt(0, 0)
				events = append(events, e)
			}
		}
		want := live(events)
		got := live(rapid.Permutation(append(events, events...)).Draw(t, "order"))
		if got.State.Phase != want.State.Phase || got.State.Marks != want.State.Marks || got.State.Leg != want.State.Leg {
			t.Fatalf("ended as %s, in order as %s", got.State, want.State)
		}
		if g, w := Tally(&got), Tally(&want); !maps.Equal(g, w) {
			t.Fatalf("counted %v, in order %v", g, w)
		}
	})
}

func live(events []Event) Record {
	m := newMemory(threeLegs)
	d := m.door()
	id := m.add("+393401234567")
	ctx := context.Background()
	d.Judge(ctx, m.now, []Record{m.records[id].clone()}, OnTurn)
	claim := Event{Kind: OnClaim, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}
	d.Advance(ctx, m.now, Order{ID: id, Event: claim})
	for _, e := range events {
		e.Mark = m.records[id].State.Ticket
		d.Advance(ctx, m.now, Order{ID: id, Event: e})
	}
	return m.records[id]
}
