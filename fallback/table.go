package fallback

import "github.com/seed-438792ba/cascade/campaign"

// Step is the whole machine. It reads no clock and calls nobody.
// An event that no row knows changes nothing: it came late, or twice.
func Step(c *campaign.Campaign, s State, e Event) (State, Effects) {
	for i := range table {
		r := &table[i]
		if r.on == e.Kind && r.from.has(s.Phase) && r.when.holds(c, s, e) {
			return r.apply(s, e), r.do
		}
	}
	return s, 0
}

// Effects are what is to be done once a step is saved. Each may be done twice, and a
// crash before one is healed by line or clock.
type Effects uint8

// The effects.
const (
	Enqueue Effects = 1 << iota // put its job on the lane's queue
	Inquire                     // put a question about it there
	Nudge                       // wake the scheduler: something is due now
	Rearm                       // its alarm rings later, as the event says: this one is part of saving
	nothing Effects = 0
)

// row is one line of the table.
type row struct {
	from phases
	on   EventKind
	when guards
	to   Phase
	leg  move
	mark Marks
	do   Effects
}

// same is the phase of a row that only marks.
const same = phaseCount

// move says what a row does to the leg.
type move uint8

const (
	stay    move = iota
	next         // the next leg
	told         // the leg that the event speaks of
	first        // the first leg, in the next try
	again        // the same leg once more, for one more reason
	recheck      // the same phase once more, until its next alarm
)

var (
	open     = only(Scheduled, Queued, Sending, Unknown, Waiting)
	idle     = only(Scheduled, Queued)         // nothing of the present attempt is meant to be at the provider
	inHand   = only(Queued, Sending, Unknown)  // a worker has it, or had
	inFlight = only(Sending, Unknown)          // something may be
	sent     = only(Sending, Unknown, Waiting) // or is
	closed   = only(Delivered, Failed, Unconfirmed, Expired, Cancelled, Suppressed)
	unhappy  = only(Failed, Unconfirmed, Expired, Cancelled, Suppressed)
)

// table is every way a message can move. The first row that holds is the one.
var table = []row{
	// from, on, when, to, leg, mark, do
	{only(Scheduled), OnTurn, always, Queued, stay, 0, Enqueue}, // the only row that queues a send
	{only(Scheduled), OnTooLate, always, Expired, stay, 0, nothing},

	{only(Queued), OnClaim, mine, Sending, stay, 0, nothing},
	{only(Queued), OnTooLate, mine, Expired, stay, 0, nothing},
	{only(Queued), OnAlarm, always, Scheduled, stay, 0, Nudge}, // the job was lost: back to the line

	// Its job's or its claim's word. A job says so before any claim: no slot for long, no
	// connection, a content that this provider cannot send.
	{inHand, OnPostponed, mine | ended, Cancelled, stay, 0, nothing}, // nobody would take it out of the line again
	{inHand, OnMisconfigured, mine | ended, Cancelled, stay, 0, nothing},
	{inFlight, OnUnavailable, mine | ended, Cancelled, stay, 0, nothing},
	{inHand, OnPostponed, mine, Scheduled, stay, 0, nothing}, // 429, breaker, nothing written: no attempt is used
	{inHand, OnMisconfigured, mine, Scheduled, stay, 0, nothing},
	{inFlight, OnUnavailable, mine | patient, Scheduled, again, 0, nothing},
	{inFlight, OnUnavailable, mine | more, Scheduled, next, 0, Nudge},
	{inFlight, OnUnavailable, mine | last, Failed, stay, 0, nothing},
	{inHand, OnRefused, mine | more, Scheduled, next, 0, Nudge},
	{inHand, OnRefused, mine | last, Failed, stay, 0, nothing},
	{inHand, OnInvalid, mine, Failed, stay, 0, nothing},
	{only(Sending), OnUncertain, mine, Unknown, stay, 0, nothing},
	{only(Sending), OnAlarm, always, Unknown, stay, 0, nothing},       // the worker died, or stood still too long
	{idle | inFlight, OnAccepted, current, Waiting, stay, 0, nothing}, // idle: what was put back had been taken after all
	{idle | inFlight, OnSent, current, Waiting, stay, 0, nothing},     // a receipt proves that it was accepted

	// What is not known is asked, or sent again where that is safe, until the leg's wait
	// is over; then the policy decides. A question needs no receipt: it is asked while
	// the lane stands still as well, but nothing is decided then.
	{only(Unknown), OnAlarm, early | asks, Unknown, recheck, 0, Inquire},
	{only(Unknown), OnStill, early | asks, Unknown, recheck, 0, Inquire},
	{only(Waiting), OnAlarm, early | asks, Waiting, recheck, 0, Inquire}, // a lost receipt must not cost a second message
	{only(Waiting), OnStill, early | asks, Waiting, recheck, 0, Inquire},
	{only(Unknown, Waiting), OnStill, always, same, stay, 0, Rearm}, // no receipt could come: its wait goes on
	{only(Unknown), OnMissing, mine | settled | ended, Cancelled, stay, 0, nothing},
	{only(Unknown), OnMissing, mine | settled, Scheduled, stay, Denied, Nudge}, // never had it: as not sent
	{only(Unknown), OnAlarm, early | repeats | ended, Unknown, recheck, 0, nothing},
	{only(Unknown), OnAlarm, early | repeats, Scheduled, again, Resent, Nudge},
	{only(Unknown), OnAlarm, resend, Scheduled, stay, Resent, Nudge},
	{only(Unknown, Waiting), OnAlarm, more, Scheduled, next, 0, Nudge},
	{only(Unknown, Waiting), OnAlarm, last, Unconfirmed, stay, 0, nothing},

	{open, OnUndelivered, current | hopeless, Failed, stay, 0, nothing},
	{idle, OnUndelivered, hopeless, Failed, stay, 0, nothing}, // also when an earlier leg's receipt says so
	{idle | sent, OnUndelivered, current | more, Scheduled, next, 0, Nudge},
	{idle | sent, OnUndelivered, current | last, Failed, stay, 0, nothing},

	// Good news counts, whichever leg it speaks of.
	{open, OnDelivered, overtaken, Delivered, told, Overlap, nothing},
	{open, OnDelivered, always, Delivered, told, 0, nothing},
	{open, OnRead, overtaken, Delivered, told, Overlap | Read, nothing},
	{open, OnRead, always, Delivered, told, Read, nothing},

	// News after the close only marks.
	{only(Delivered), OnDelivered, reached, Delivered, stay, Overlap, nothing},
	{only(Delivered), OnRead, reached, Delivered, stay, Overlap | Read, nothing},
	{only(Delivered), OnRead, always, Delivered, stay, Read, nothing},
	{unhappy, OnDelivered, overtaken, same, stay, Late | Overlap, nothing},
	{unhappy, OnRead, overtaken, same, stay, Late | Overlap | Read, nothing},
	{unhappy, OnDelivered, always, same, stay, Late, nothing},
	{unhappy, OnRead, always, same, stay, Late | Read, nothing},

	{open, OnOptOut, always, Suppressed, stay, 0, nothing},
	{idle, OnCancel, always, Cancelled, stay, 0, nothing},
	{sent, OnCancel, always, same, stay, Final, nothing}, // the present leg becomes the last
	{only(Failed, Unconfirmed, Expired), OnRetry, renewable, Scheduled, first, 0, Nudge},
	{closed, OnErase, always, same, stay, Erased, nothing}, // what is open is suppressed before
}

// apply moves s as the row says. The ticket is the door's: it draws the stamp.
func (r *row) apply(s State, e Event) State {
	to := s
	to.Marks |= r.mark
	if r.to != same {
		to.Phase = r.to
	}
	switch r.leg {
	case next:
		to.Leg++
	case told:
		to.Leg = uint8(e.Attempt.Leg())
	case first:
		to.Leg, to.Try = 0, s.Try+1
	case again:
		to.Fails++
	case recheck:
		to.Checks++
	}
	if to.Phase != s.Phase {
		to.Checks = 0
	}
	if to.Leg != s.Leg || to.Try != s.Try {
		to.Fails, to.Marks = 0, to.Marks&^attemptMarks
	}
	return to
}
