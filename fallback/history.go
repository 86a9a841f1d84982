package fallback

import (
	"math"
	"strings"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// maxParts is how many parts of an SMS are told apart. No text comes near it; news of
// a part of more is taken for news of the whole.
const maxParts = 64

// whole turns the news of one part of an SMS into what it means for all of it:
// delivered when every part is, undelivered when any part is.
func (r *Record) whole(e Event) Event {
	if e.Kind != OnDelivered || e.Parts < 2 || e.Parts > maxParts || e.Part < 1 || e.Part > e.Parts {
		return e
	}
	arrived := uint64(0)
	if a := r.find(e.Attempt.Leg(), e.Attempt.Try()); a != nil {
		arrived = a.Arrived
	}
	e.arrived = true
	if arrived|partBit(e.Part) != allParts(e.Parts) {
		e.Kind = OnSent
	}
	return e
}

func partBit(part int) uint64   { return 1 << (part - 1) }
func allParts(parts int) uint64 { return 1<<parts - 1 } // of 64: all bits

// outrun says whether a later leg than the event's was sent: its request was started,
// and not refused.
func (r *Record) outrun(id campaign.AttemptID) bool {
	for i := range r.History {
		if a := &r.History[i]; int(a.Try) == id.Try() && int(a.Leg) > id.Leg() && a.Best >= FactStarted && a.End != Refused {
			return true
		}
	}
	return false
}

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
		a.note(e, before.State, after.State, now)
		a.doubt(e, before.State, after.State)
	}
}

// begins says whether the event puts an attempt into the history that is not there:
// its claim, a refusal before it, or news that is true only of a claim which the ledger
// has lost.
func (k EventKind) begins() bool {
	switch k {
	case OnClaim, OnRefused, OnInvalid, OnAccepted, OnSent, OnDelivered, OnRead, OnUndelivered:
		return true
	}
	return false
}

func (a *Attempt) note(e Event, before, after State, now time.Time) {
	switch e.Kind {
	case OnClaim:
		a.Claimed, a.Missing = now, time.Time{}
		a.rise(FactStarted)
	case OnPostponed, OnMisconfigured, OnUnavailable:
		if !before.Marks.Has(Resent) { // else its first request may have been taken
			a.unstart()
		}
		if e.Throttled {
			a.Throttled++
		}
		if e.Kind == OnUnavailable && a.Deferred < math.MaxUint8 {
			a.Deferred++
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
		a.reach(e.Channel)
		if a.rise(FactDelivered) {
			a.Reported = now
		}
	case OnRead:
		a.reach(e.Channel)
		if a.Best < FactDelivered {
			a.Reported = now
		}
		a.rise(FactRead)
	case OnRefused, OnInvalid:
		a.end(Refused, e.Reason, now)
	case OnUndelivered:
		a.rise(FactSent)
		a.end(e.End, e.Reason, now)
	case OnMissing:
		a.deny(e, before, after, now)
	case OnAlarm:
		if only(Unknown, Waiting).has(before.Phase) && (after.Leg != before.Leg || !after.Phase.Open()) {
			a.end(TimedOut, "", now)
		}
	}
	if e.arrived {
		a.Parts = uint8(e.Parts)
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

// maxReason bounds a reason in the record, in bytes.
const maxReason = 64

func clip(reason string) string {
	if len(reason) > maxReason {
		reason = strings.ToValidUTF8(reason[:maxReason], "")
	}
	return reason
}
