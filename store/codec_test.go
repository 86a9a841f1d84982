package store

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

var someTime = rapid.Custom(func(t *rapid.T) time.Time {
	if rapid.Bool().Draw(t, "zero") {
		return time.Time{}
	}
	return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")).UTC()
})

var someAttempt = rapid.Custom(func(t *rapid.T) fallback.Attempt {
	a := fallback.Attempt{
		Leg: rapid.Byte().Draw(t, "leg"), Try: rapid.Byte().Draw(t, "try"),
		Best: rapid.SampledFrom([]fallback.Fact{fallback.FactNone, fallback.FactStarted, fallback.FactRead}).Draw(t, "best"), End: rapid.SampledFrom([]fallback.End{fallback.NoEnd, fallback.Refused, fallback.TimedOut}).Draw(t, "end"),
		Doubt:     rapid.SampledFrom([]fallback.Doubt{fallback.NoDoubt, fallback.InDoubt, fallback.DoubtByPolicy}).Draw(t, "doubt"),
		Throttled: rapid.Uint16().Draw(t, "throttled"), Reason: rapid.String().Draw(t, "reason"),
		Claimed: someTime.Draw(t, "claimed"), Answered: someTime.Draw(t, "answered"), Reported: someTime.Draw(t, "reported"),
		ProviderID: rapid.String().Draw(t, "provider id"), Parts: rapid.Byte().Draw(t, "parts"), Arrived: rapid.Uint64().Draw(t, "arrived"),
	}
	a.Deferred = rapid.Byte().Draw(t, "deferred")
	a.Reached = rapid.SampledFrom(append(campaign.Channels(), 0)).Draw(t, "reached")
	if a.Doubt != fallback.NoDoubt {
		a.Resent, a.Missing = rapid.Byte().Draw(t, "resent"), someTime.Draw(t, "missing")
	}
	return a
})

var someRecord = rapid.Custom(func(t *rapid.T) fallback.Record {
	r := fallback.Record{
		ID:    campaign.IDKey{}.Message("c", "+39340", ""),
		Stamp: fallback.Stamp(rapid.Uint64().Draw(t, "stamp")),
		State: fallback.State{
			Phase: rapid.SampledFrom(fallback.Phases()).Draw(t, "phase"), Leg: rapid.Byte().Draw(t, "leg"), Try: rapid.Byte().Draw(t, "try"),
			Fails: rapid.Byte().Draw(t, "fails"), Checks: rapid.Byte().Draw(t, "checks"), Marks: fallback.Marks(rapid.Byte().Draw(t, "marks")), Ticket: fallback.Stamp(rapid.Uint64().Draw(t, "ticket")),
		},
		Row:  campaign.Row{Line: rapid.Uint32().Draw(t, "line"), Digest: rapid.Uint32().Draw(t, "digest")},
		To:   campaign.Destination("+" + rapid.StringMatching(`[0-9]{8,15}`).Draw(t, "to")),
		Key:  rapid.String().Draw(t, "key"),
		Time: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "time")).UTC(),
		Due:  someTime.Draw(t, "due"), Closed: someTime.Draw(t, "closed"),
	}
	if v := rapid.SliceOfN(rapid.String(), 0, 5).Draw(t, "variables"); len(v) > 0 {
		r.Variables = v
	}
	if h := rapid.SliceOfN(someAttempt, 0, 4).Draw(t, "history"); len(h) > 0 {
		r.History = h
	}
	return r
})

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := someRecord.Draw(t, "record")
		got, err := decode(want.ID, encode(&want))
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("the record changed on its way:\n%s", d)
		}
	})
}

func TestUnknownRecordsAreNotGuessed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := someRecord.Draw(t, "record")
		text := []byte(encode(&r))
		switch rapid.IntRange(0, 3).Draw(t, "damage") {
		case 0:
			text[atVersion] = 99
		case 1:
			text[atPhase] = 200
		case 2:
			text = text[:rapid.IntRange(0, len(text)-1).Draw(t, "cut")]
		case 3:
			text = append(text, 0)
		}
		if _, err := decode(r.ID, string(text)); !errors.Is(err, errUnreadable) {
			t.Fatalf("decode of a damaged record: %v, want errUnreadable", err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	r := fallback.Record{To: "+393401234567", Time: time.UnixMilli(1), Variables: []string{"a"}, History: []fallback.Attempt{{Leg: 1}}}
	f.Add(encode(&r))
	f.Fuzz(func(t *testing.T, text string) {
		decode(campaign.MessageID{}, text) // must not panic, whatever Redis holds
	})
}

func TestAnOpenRecordIsSmall(t *testing.T) {
	r := fallback.Record{To: "+393401234567", Time: time.UnixMilli(1763632800000), Variables: []string{"Beatrice", "PRIMAVERA57", "Palermo"}}
	if n := len(encode(&r)); n > 90 {
		t.Errorf("a message in line with three short variables takes %d bytes, want at most 90", n)
	}
}
