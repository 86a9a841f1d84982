package fallback

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Event is something that happened to a message.
type Event struct {
	Kind    EventKind
	Attempt campaign.AttemptID // what it speaks of; zero: the message as a whole
	Mark    Stamp              // a claim's ticket, or the claim that an outcome belongs to

	Reason     string           // in the provider's or the operator's words, short
	At         time.Time        // postponed, unavailable: not before this; zero: at once
	Throttled  bool             // postponed by a 429
	End        End              // undelivered: in which way
	ProviderID string           // accepted: the provider's own id, where it is not ours
	Asked      bool             // the provider told it because it was asked
	Channel    campaign.Channel // receipts: of which it speaks; kept of a provider's chain only
	Part       int              // receipts: of a multi-part SMS, counted from 1; 0: the whole
	Parts      int

	Everywhere bool          // undelivered: the recipient is wrong on every channel
	In         time.Duration // still: how much longer it waits

	remedy    Remedy // of the lane on which the message stands; the door knows it
	overtaken bool   // a later leg was sent; the door knows it of the history
	settled   bool   // missing: that has been said for long enough; the same
	arrived   bool   // sent: that a part was delivered
	twice     bool   // another channel of the provider's chain has delivered this message already
}

// EventKind is the kind of an event: On and a fact.
type EventKind uint8

// The events: of the scheduler, of the worker, of the provider's answer, of receipts,
// of the clock, and of people.
const (
	OnTurn          EventKind = iota // its turn came: time, campaign and lane allow it
	OnTooLate                        // its window or its time to live has ended
	OnClaim                          // a worker wants to send it
	OnPostponed                      // nothing was sent: later, no attempt is used
	OnMisconfigured                  // nothing was sent and our configuration is at fault
	OnUnavailable                    // the provider said "try later"
	OnAccepted                       // the provider took it
	OnRefused                        // not this person on this channel
	OnInvalid                        // wrong on every channel
	OnUncertain                      // written, no readable answer
	OnSent                           // receipt: on its way
	OnDelivered                      // receipt: on the person's phone
	OnRead                           // receipt: seen
	OnUndelivered                    // receipt: undeliverable, expired or rejected
	OnMissing                        // the provider, asked, says that it has nothing of it
	OnAlarm                          // the clock rang
	OnStill                          // the clock rang, but its lane stood still meanwhile
	OnCancel                         // an operator cancelled the campaign
	OnOptOut                         // the person wants nothing more
	OnRetry                          // an operator wants it tried again
	OnErase                          // the person's data is to be forgotten
	eventCount
)

var eventNames = [eventCount]string{
	"turn", "too_late", "claim", "postponed", "misconfigured", "unavailable", "accepted", "refused", "invalid",
	"uncertain", "sent", "delivered", "read", "undelivered", "missing", "alarm", "still", "cancel", "opt_out", "retry", "erase",
}

func (k EventKind) String() string { return eventNames[k] }

// lasting says whether the event is a fact or an order, which holds whatever the
// record says now. Turns, claims and alarms were judged against the record they were
// taken with; when that has moved, they are void.
func (k EventKind) lasting() bool {
	switch k {
	case OnTurn, OnTooLate, OnClaim, OnAlarm, OnStill:
		return false
	}
	return true
}

// claimed says whether the event speaks of one claim. Of a claim that is over it says
// nothing of the present one.
func (k EventKind) claimed() bool {
	switch k {
	case OnPostponed, OnMisconfigured, OnUnavailable, OnRefused, OnInvalid, OnUncertain:
		return true
	}
	return false
}

// End is how an attempt ended without success.
type End uint8

// The ends of attempts.
const (
	NoEnd       End = iota
	Refused         // the provider's answer
	Undelivered     // a receipt: undeliverable
	Lapsed          // a receipt: expired at the provider
	Rejected        // a receipt: rejected
	TimedOut        // no delivered within the leg's wait
	endCount
)

var endNames = [endCount]string{"", "refused", "undelivered", "expired", "rejected", "timed_out"}

func (e End) String() string { return endNames[e] }

// Known says whether e is one of the ends above.
func (e End) Known() bool { return e < endCount }

// Receipt turns a provider's receipt into the event it is. ok is false for receipts
// that are no news of an attempt: inbound messages and words that nobody defined.
func Receipt(r campaign.Receipt) (e Event, ok bool) {
	e = Event{Attempt: r.Attempt, Reason: r.Reason, Channel: r.Channel, Part: r.Part, Parts: r.Parts, Everywhere: r.Cause == campaign.CauseInvalid}
	switch r.Kind {
	case campaign.ReceiptAccepted, campaign.ReceiptSent:
		e.Kind = OnSent
	case campaign.ReceiptDelivered:
		e.Kind = OnDelivered
	case campaign.ReceiptRead:
		e.Kind = OnRead
	case campaign.ReceiptUndeliverable:
		e.Kind, e.End = OnUndelivered, Undelivered
	case campaign.ReceiptExpired:
		e.Kind, e.End = OnUndelivered, Lapsed
	case campaign.ReceiptRejected:
		e.Kind, e.End = OnUndelivered, Rejected
	default:
		return Event{}, false
	}
	return e, true
}
