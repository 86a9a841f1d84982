package fallback

import (
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// whole turns the news of one part of an SMS into what it means for all of it:
// delivered when every part is, undelivered when any part is.
func (r *Record) whole(e Event) Event {
	if e.Kind != OnDelivered || e.Parts < 2 {
		return e
	}
	arrived := uint32(0)
	if a := r.find(e.Attempt.Leg(), e.Attempt.Try()); a != nil {
		arrived = a.Arrived
	}
	if arrived|partBit(e.Part) != allParts(e.Parts) {
		e.Kind = OnSent
	}
	return e
}

func partBit(part int) uint32   { return 1 << ((part - 1) & 31) }
func allParts(parts int) uint32 { return 1<<min(parts, 32) - 1 }

// note writes what the event proves into the history. after is the record with its
// next state; before tells the present attempt. Noting the same event twice is noting
// it once.
func note(before, after *Record, e Event, now time.Time) {
	id := e.Attempt
	if id == (campaign.AttemptID{}) || e.Kind == OnAlarm {
		id = before.Attempt()
	}
	a := after.find(id.Leg(), id.Try())
	if a == nil && e.Kind.begins() {
		after.History = append(after.History, Attempt{Leg: uint8(id.Leg()), Try: uint8(id.Try())})
		a = &after.History[len(after.History)-1]
	}
	if a != nil {
		a.note(e, before.State, now)
		a.doubt(e, before.State.Phase, after.State.Phase)
	}
}

// begins says whether the event puts an attempt into the history that is not there:
// its claim, or news that can only be true of a claim which the ledger has lost.
func (k EventKind) begins() bool {
	switch k {
	case OnClaim, OnAccepted, OnSent, OnDelivered, OnRead, OnUndelivered:
		return true
	}
	return false
}

func (a *Attempt) note(e Event, before State, now time.Time) {
	switch e.Kind {
	case OnClaim:
		a.Claimed = now
		a.rise(FactStarted)
	case OnPostponed, OnMisconfigured, OnUnavailable:
		a.unstart()
		if e.Throttled {
			a.Throttled++
		}
		if e.Kind == OnUnavailable && before.Fails+1 >= maxUnavailable {
			a.rise(FactStarted)
			a.end(Refused, e.Reason, now)
		}
	case OnAccepted:
		if a.rise(FactAccepted) {
			a.Answered = now
		}
		a.ProviderID = e.ProviderID
	case OnSent:
		a.rise(FactSent)
	case OnDelivered:
		if a.rise(FactDelivered) {
			a.Reported = now
		}
	case OnRead:
		if a.Best < FactDelivered {
			a.Reported = now
		}
		a.rise(FactRead)
	case OnRefused, OnInvalid:
		a.end(Refused, e.Reason, now)
	case OnUndelivered:
		a.rise(FactSent)
		a.end(e.End, e.Reason, now)
	case OnAlarm:
		if before.Phase == Unknown || before.Phase == Waiting {
			a.end(TimedOut, "", now)
		}
	}
	if e.Parts > 1 && (e.Kind == OnSent || e.Kind == OnDelivered) {
		a.Parts = uint8(min(e.Parts, 32))
		a.Arrived |= partBit(e.Part)
	}
}

// rise says whether the fact is news.
func (a *Attempt) rise(f Fact) bool {
	if f <= a.Best {
		return false
	}
	a.Best = f
	return true
}

// unstart takes back a request that turned out not to have been taken, unless a
// receipt has proved the contrary.
func (a *Attempt) unstart() {
	if a.Best == FactStarted {
		a.Best = FactNone
	}
}

// end keeps the first bad news; a second of another kind changes nothing.
func (a *Attempt) end(how End, reason string, now time.Time) {
	if a.End != NoEnd {
		return
	}
	a.End, a.Reason = how, clip(reason)
	if a.Best < FactDelivered {
		a.Reported = now
	}
}

func (a *Attempt) doubt(e Event, before, after Phase) {
	switch {
	case after == Unknown && before != Unknown:
		a.Doubt = InDoubt
	case a.Doubt != InDoubt || after == Unknown:
	case e.Kind == OnAlarm:
		a.Doubt = DoubtByPolicy
	default:
		a.Doubt = DoubtByReceipt
	}
}

// maxReason bounds a reason in the record, in bytes.
const maxReason = 64

func clip(reason string) string {
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	return reason
}
