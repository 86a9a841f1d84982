package fallback

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

var opening = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

func nineToEight(expire bool) *campaign.Window {
	return &campaign.Window{From: 9 * 60, To: 20 * 60, Zone: "UTC", Expire: expire}
}

func TestWhatIsTooLateExpiresOrWaits(t *testing.T) {
	const day = 24 * time.Hour
	for _, x := range []struct {
		what    string
		window  *campaign.Window
		expires time.Duration
		since   time.Duration // the opening of the first day
		want    EventKind
	}{
		{"its time to live is over", nil, 8 * time.Hour, 8 * time.Hour, OnTooLate},
		{"its time to live is over by the ledger's clock", nil, 8 * time.Hour, 8*time.Hour - 20*time.Millisecond, OnTooLate},
		{"held, its window is over", nineToEight(false), 0, 12 * time.Hour, OnPostponed},
		{"held, its window is over by the ledger's clock", nineToEight(false), 0, 11*time.Hour - 20*time.Millisecond, OnPostponed},
		{"held, but its time to live is over", nineToEight(false), 8 * time.Hour, 12 * time.Hour, OnTooLate},
		{"held, opens in a moment", nineToEight(false), 0, -20 * time.Millisecond, OnPostponed},
		{"expires, its window is over", nineToEight(true), 0, 12 * time.Hour, OnTooLate},
		{"expires, its window is over by the ledger's clock", nineToEight(true), 0, 11*time.Hour - 20*time.Millisecond, OnTooLate},
		{"expires, another window is open", nineToEight(true), 0, day + time.Hour, OnTooLate},
		{"expires, but opens in a moment", nineToEight(true), 0, -20 * time.Millisecond, OnPostponed},
	} {
		c := campaign.Campaign{Window: x.window, Expires: x.expires}
		r := Record{To: "+393401234567", Time: opening}
		if got := Outlived(&c, &r, opening.Add(x.since)); got != x.want {
			t.Errorf("%s: %s, want %s", x.what, got, x.want)
		}
	}
}

// A worker whose clock is a little behind the ledger's takes a job at the opening of a
// window. It may not claim it yet, and nobody expires.
func TestAClockThatIsBehindAtTheOpeningExpiresNobody(t *testing.T) {
	for _, expire := range []bool{false, true} {
		c := threeLegs
		c.Window = nineToEight(expire)
		m := newMemory(c)
		m.now = opening
		d := m.door()
		id := m.add("+393401234567")
		d.Judge(context.Background(), m.now, []Record{m.records[id].clone()}, OnTurn)
		tell := func(now time.Time, kind EventKind) Result {
			e := Event{Kind: kind, Attempt: id.Attempt(0, 0), Mark: m.records[id].State.Ticket}
			results, _ := d.Advance(context.Background(), now, Order{ID: id, Event: e})
			return results[0]
		}
		behind := opening.Add(-20 * time.Millisecond)
		claim := tell(behind, OnClaim)
		if !errors.Is(claim.Err, ErrTooLate) {
			t.Fatalf("claim before the opening by its clock: %v, want ErrTooLate", claim.Err)
		}
		tell(behind, Outlived(&m.campaign, &claim.Before, behind))
		if r := m.records[id]; r.State.Phase != Scheduled || !r.Due.Equal(opening) {
			t.Errorf("expire %t: the message is %s, due %v; want in line for the opening", expire, r.State, r.Due)
		}
	}
}
