package fallback

import (
	"slices"
	"time"

	"github.com/seed-438792ba/cascade/campaign"
)

// Record is one message: the truth about it.
type Record struct {
	ID        campaign.MessageID
	Stamp     Stamp // of the save that made it so
	State     State
	Row       campaign.Row
	To        campaign.Destination
	Key       string    // the row's own key, where the campaign allows several messages to one person
	Variables []string  // values, in the order of the campaign's columns; none once they are not needed
	Time      time.Time // its scheduled time, from which its time to live counts
	Due       time.Time // scheduled: not before this; zero: at once
	Closed    time.Time // zero while it is open
	History   []Attempt // in the order in which they were claimed
}

// Attempt is the history of one try on one leg.
type Attempt struct {
	Leg, Try   uint8
	Best       Fact
	End        End   // the first way in which it ended without success, if it did
	Doubt      Doubt // whether it was ever unknown, and how that was resolved
	Resent     uint8 // times it was sent again for that
	Throttled  uint16
	Deferred   uint8     // times the provider said "try later"; 255 stands for more
	Reason     string    // behind End, in the provider's words
	Claimed    time.Time // of the last claim
	Answered   time.Time // when Best became accepted
	Reported   time.Time // when Best became delivered, or End was told
	ProviderID string
	Missing    time.Time        // since when the provider, asked, has said that it has nothing of the last request
	Parts      uint8            // of a multi-part SMS
	Arrived    uint64           // a bit for each part that was delivered
	Reached    campaign.Channel // of a provider's chain: the channel that reached the person; 0: none yet, or it was not told
}

// Fact is the best that is known of an attempt. Facts only rise, but that a request
// which turned out not to have been taken is as if it had not been started.
type Fact uint8

// The facts, in rising order.
const (
	FactNone Fact = iota
	FactStarted
	FactAccepted
	FactSent
	FactDelivered
	FactRead
	factCount
)

var factNames = [factCount]string{"none", "started", "accepted", "sent", "delivered", "read"}

func (f Fact) String() string { return factNames[f] }

// Known says whether f is one of the facts above.
func (f Fact) Known() bool { return f < factCount }

// Doubt says how an unknown outcome was resolved.
type Doubt uint8

// The doubts.
const (
	NoDoubt        Doubt = iota
	InDoubt              // unknown now
	DoubtByReceipt       // a receipt, or a late answer, told
	DoubtByAsking        // the provider was asked, or sent the same again where that is safe
	DoubtByPolicy        // nothing told: the campaign's policy decided
	doubtCount
)

var doubtNames = [doubtCount]string{"", "open", "receipt", "asking", "policy"}

func (d Doubt) String() string { return doubtNames[d] }

// Known says whether d is one of the doubts above.
func (d Doubt) Known() bool { return d < doubtCount }

// Attempt is the id of the record's present attempt.
func (r *Record) Attempt() campaign.AttemptID {
	return r.ID.Attempt(int(r.State.Leg), int(r.State.Try))
}

// find gives the history of this attempt, or nil.
func (r *Record) find(leg, try int) *Attempt {
	for i := range r.History {
		if a := &r.History[i]; int(a.Leg) == leg && int(a.Try) == try {
			return a
		}
	}
	return nil
}

// knows says whether the attempt can have been sent: it stands in the history, or is
// not later than the present one (a Redis that lost its last second may not remember
// the claim).
func (r *Record) knows(id campaign.AttemptID) bool {
	leg, try := id.Leg(), id.Try()
	if try != int(r.State.Try) {
		return try < int(r.State.Try) && r.find(leg, try) != nil
	}
	return leg <= int(r.State.Leg) || r.find(leg, try) != nil
}

// erase leaves of the record what the counts are made of, and nothing of the person.
func (r *Record) erase() {
	r.To, r.Key, r.Variables, r.Row.Digest = "", "", nil, 0
	for i := range r.History {
		r.History[i].ProviderID, r.History[i].Reason = "", ""
	}
}

// clone copies what note may change.
func (r Record) clone() Record {
	r.History = slices.Clone(r.History)
	return r
}

// equal says whether a save would change nothing but the stamp.
func (r *Record) equal(o *Record) bool {
	return r.State == o.State && r.Due.Equal(o.Due) && r.Time.Equal(o.Time) && r.Closed.Equal(o.Closed) &&
		len(r.Variables) == len(o.Variables) && slices.Equal(r.History, o.History)
}
