package fallback

import "time"

// doubt keeps whether nobody knows what became of the attempt's request, and how that
// was resolved. An attempt that is being repeated stays in doubt until something tells.
func (a *Attempt) doubt(e Event, before, after State) {
	if before.Phase == Unknown && after.Phase == Scheduled && after.Leg == before.Leg && !e.Kind.claimed() {
		a.Resent++
	}
	if before.Phase != Unknown && after.Phase == Unknown {
		a.Doubt = InDoubt
	}
	if a.Doubt != InDoubt || after.Phase == Unknown {
		return
	}
	stays := after.Phase.Open() && after.Leg == before.Leg
	repeated := stays && (before.Phase != Unknown || after.Fails > before.Fails)
	switch {
	case e.Asked, e.Kind == OnMissing, e.Kind.answers() && before.Phase == Sending: // the last: repeated, and answered
		a.Doubt = DoubtByAsking
	case e.Kind.answers(), e.Kind.reports(), e.Kind.claimed() && !before.Marks.Has(Resent): // that was not taken, of the only request
		a.Doubt = DoubtByReceipt
	case !repeated:
		a.Doubt = DoubtByPolicy
	}
}

// answers says whether the event tells what the provider made of a request.
func (k EventKind) answers() bool { return k == OnAccepted || k == OnRefused || k == OnInvalid }

// reports says whether the event is a receipt's.
func (k EventKind) reports() bool {
	return k == OnSent || k == OnDelivered || k == OnRead || k == OnUndelivered
}

// deny notes that the provider says it has nothing of the attempt's request: since
// when, or once that is believed, that there was none.
func (a *Attempt) deny(e Event, before, after State, now time.Time) {
	switch {
	case before.Phase != Unknown || e.Mark != before.Ticket:
	case after.Phase == Unknown && a.Missing.IsZero():
		a.Missing = now
	case after.Phase != Unknown && !before.Marks.Has(Resent): // else another request may have been taken
		a.unstart()
	}
}

// denied says whether the provider has said for long enough that it has nothing of the
// attempt's request.
func (r *Record) denied(e Event, now time.Time) bool {
	if e.Kind != OnMissing {
		return false
	}
	a := r.find(e.Attempt.Leg(), e.Attempt.Try())
	return a != nil && !a.Missing.IsZero() && now.Sub(a.Missing) >= missingFor
}

// resolve ends what is still in doubt when the message is closed: nothing told.
func (r *Record) resolve() {
	for i := range r.History {
		if a := &r.History[i]; a.Doubt == InDoubt {
			a.Doubt = DoubtByPolicy
		}
	}
}
