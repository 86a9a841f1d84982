package metrics

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

func events(kinds ...fallback.EventKind) []fallback.Event {
	list := make([]fallback.Event, len(kinds))
	for i, k := range kinds {
		list[i].Kind = k
	}
	return list
}

func TestWhatTheLedgerSavedIsCounted(t *testing.T) {
	t.Parallel()
	h := open(t, 4)
	h.tell(1, events(fallback.OnTurn, fallback.OnClaim, fallback.OnAccepted, fallback.OnDelivered, fallback.OnRead)...)
	h.tell(2, events(fallback.OnTurn, fallback.OnClaim, fallback.OnRefused, fallback.OnTurn, fallback.OnClaim, fallback.OnUncertain, fallback.OnAlarm)...)
	h.tell(3, fallback.Event{Kind: fallback.OnTurn}, fallback.Event{Kind: fallback.OnClaim},
		fallback.Event{Kind: fallback.OnPostponed, Throttled: true}, fallback.Event{Kind: fallback.OnTurn})
	fourth := h.record(4)
	first := fourth.Attempt()
	h.tell(4, events(fallback.OnTurn, fallback.OnClaim, fallback.OnAccepted, fallback.OnAlarm, fallback.OnTurn, fallback.OnClaim, fallback.OnAccepted)...)
	h.tell(4, fallback.Event{Kind: fallback.OnDelivered, Attempt: first})
	h.metrics.shows(t,
		`cascade_messages_total{lane="a.whatsapp",outcome="claimed"} 4`,
		`cascade_messages_total{lane="a.whatsapp",outcome="accepted"} 2`,
		`cascade_messages_total{lane="a.whatsapp",outcome="delivered"} 2`,
		`cascade_messages_total{lane="a.whatsapp",outcome="read"} 1`,
		`cascade_messages_total{lane="a.whatsapp",outcome="refused"} 1`,
		`cascade_messages_total{lane="a.whatsapp",outcome="timed_out"} 1`,
		`cascade_messages_total{lane="a.sms",outcome="claimed"} 2`,
		`cascade_messages_total{lane="a.sms",outcome="unknown"} 1`,
		`cascade_throttled_total{lane="a.whatsapp"} 1`,
		`cascade_escalations_total{from="a.whatsapp",reason="refused",to="a.sms"} 1`,
		`cascade_escalations_total{from="a.whatsapp",reason="timed_out",to="a.sms"} 1`,
		`cascade_overlaps_total 1`,
		`cascade_messages_closed_total{phase="delivered"} 2`,
		`cascade_messages_closed_total{phase="unconfirmed"} 1`,
		`cascade_time_to_delivered_seconds_sum{lane="a.whatsapp"} 8`, // 2 s, and 6 s
		`cascade_time_to_delivered_seconds_count{lane="a.whatsapp"} 2`,
	)
}

// A retry leaves the same mark in the record as an escalation does, and is none.
func TestARetryIsNoEscalation(t *testing.T) {
	t.Parallel()
	h := open(t, 1)
	h.tell(1, events(fallback.OnTurn, fallback.OnClaim, fallback.OnInvalid, fallback.OnRetry)...)
	if shown := h.metrics.shown(t); strings.Contains(shown, "cascade_escalations_total{") {
		t.Errorf("an escalation was counted:\n%s", shown)
	}
	h.metrics.shows(t, `cascade_messages_closed_total{phase="failed"} 1`)
}

// refusing is a ledger that saves nothing.
type refusing struct{ fallback.Ledger }

var errAway = errors.New("away")

func (refusing) Save(_ context.Context, moves []fallback.Move) []error {
	errs := make([]error, len(moves))
	for i := range errs {
		errs[i] = errAway
	}
	return errs
}

func TestWhatWasOnlyTriedIsNotCounted(t *testing.T) {
	t.Parallel()
	h := open(t, 1)
	h.tell(1, fallback.Event{Kind: fallback.OnTurn})
	r := h.record(1)
	h.door.Ledger = h.metrics.Ledger(refusing{h.store}, h.store)
	results, _ := h.door.Advance(t.Context(), h.now, fallback.Order{ID: r.ID, Event: fallback.Event{Kind: fallback.OnClaim, Attempt: r.Attempt(), Mark: r.State.Ticket}})
	if !errors.Is(results[0].Err, errAway) {
		t.Fatalf("the claim answers %v, want that the ledger is away", results[0].Err)
	}
	h.metrics.shows(t, `cascade_messages_total{lane="a.whatsapp",outcome="claimed"} 0`)
}

// saving is a ledger that says yes at once, so that only the counting is measured.
type saving struct{ errs []error }

func (saving) Load(context.Context, []campaign.MessageID) ([]fallback.Record, error) { return nil, nil }
func (s saving) Save(context.Context, []fallback.Move) []error                       { return s.errs }

// book is a campaign without a ledger.
type book struct{ c campaign.Campaign }

func (b *book) Campaign(context.Context, campaign.Number) (*campaign.Campaign, error) {
	return &b.c, nil
}

// BenchmarkCount is what counting adds to the save of one claim and one delivery.
func BenchmarkCount(b *testing.B) {
	c, err := campaign.ParseFile("test.yaml", []byte("campaign: spring\nroute:\n  - {channel: sms, account: a, wait: 1h, text: Ciao}\n"), nil)
	must(b, err)
	id := campaign.IDKey{}.Message("spring", number(1), "")
	before := fallback.Record{ID: id, Stamp: 1, State: fallback.State{Phase: fallback.Queued}}
	claimed := before
	claimed.State.Phase = fallback.Sending
	claimed.History = []fallback.Attempt{{Best: fallback.FactStarted}}
	arrived := claimed
	arrived.State.Phase = fallback.Delivered
	arrived.History = []fallback.Attempt{{Best: fallback.FactDelivered}}
	for name, moves := range map[string][]fallback.Move{
		"claim":     {{Before: &before, After: &claimed, Counts: fallback.Difference(&before, &claimed)}},
		"delivered": {{Before: &claimed, After: &arrived, Counts: fallback.Difference(&claimed, &arrived)}},
	} {
		b.Run(name, func(b *testing.B) {
			m := New(Options{Lanes: []campaign.Lane{sms}})
			l := m.Ledger(saving{make([]error, 1)}, &book{c})
			b.ReportAllocs()
			for b.Loop() {
				l.Save(b.Context(), moves)
			}
		})
	}
	b.Run("took", func(b *testing.B) {
		took := New(Options{Lanes: []campaign.Lane{sms}}).Took(sms)
		b.ReportAllocs()
		for b.Loop() {
			took.Observe(0.05)
		}
	})
}

// Counting takes no memory, so that it cannot slow the path of a message.
func TestCountingAllocatesNothing(t *testing.T) {
	for name, r := range map[string]testing.BenchmarkResult{"count": testing.Benchmark(BenchmarkCount)} {
		if r.AllocsPerOp() != 0 {
			t.Errorf("%s: %d allocations, want none", name, r.AllocsPerOp())
		}
	}
}
