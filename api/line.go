package api

import (
	"time"

	"github.com/seed-438792ba/cascade/campaign"
	"github.com/seed-438792ba/cascade/fallback"
)

// Line is one message as an export has it.
type Line struct {
	Campaign    string             `json:"campaign"`
	Message     campaign.MessageID `json:"message"`
	Destination string             `json:"destination"` // masked, unless the reader may see it
	Phase       string             `json:"phase"`
	Channel     campaign.Channel   `json:"channel"`    // that reached the person, or on which the message stands
	Reason      string             `json:"reason"`     // why it was not delivered; "" if it was, or nothing went wrong
	Meaning     string             `json:"meaning"`    // of the reason, where it is a code that is known
	Mend        string             `json:"what_to_do"` // about it
	Overlap     bool               `json:"overlap"`
	Read        bool               `json:"read"`
	Late        bool               `json:"late"`
	Attempts    []AttemptLine      `json:"attempts"`
	ClosedAt    *time.Time         `json:"closed_at"` // null while it is open
}

// AttemptLine is one try on one leg.
type AttemptLine struct {
	ID         campaign.AttemptID `json:"id"`
	Channel    campaign.Channel   `json:"channel"`
	Account    string             `json:"account"`
	Outcome    string             `json:"outcome"`          // read, delivered, refused, undelivered, expired, rejected, timed_out, unknown, sent, accepted, started, postponed
	At         time.Time          `json:"at,omitzero"`      // of the outcome
	Reason     string             `json:"reason,omitempty"` // in the provider's words
	Meaning    string             `json:"meaning,omitempty"`
	Mend       string             `json:"what_to_do,omitempty"`
	Claimed    time.Time          `json:"claimed_at,omitzero"`
	Answered   time.Time          `json:"answered_at,omitzero"`
	Reported   time.Time          `json:"reported_at,omitzero"`
	Throttled  int                `json:"throttled,omitempty"` // times that a 429 sent it back
	Deferred   int                `json:"deferred,omitempty"`  // times that the provider said "try later"
	Doubt      string             `json:"unknown,omitempty"`   // whether it ever was: open, or resolved by receipt, asking, policy
	Resent     int                `json:"resent,omitempty"`    // times that it was sent again for that, under the same id
	ProviderID string             `json:"provider_id,omitempty"`
	Reached    campaign.Channel   `json:"reached,omitzero"` // of a provider's chain: the channel that reached the person, where that was told
	Parts      int                `json:"parts,omitempty"`  // of an SMS
}

// NewLine builds the line of a record. Who may not see whole numbers gets them masked.
// The codes explain the reasons; they may be nil.
func NewLine(c *campaign.Campaign, r *fallback.Record, whole bool, codes Codes) Line {
	marks := r.State.Marks
	l := Line{
		Campaign:    c.ID,
		Message:     r.ID,
		Destination: r.To.Masked(),
		Phase:       r.State.Phase.String(),
		Channel:     c.Route[r.State.Leg].Channel,
		Overlap:     marks.Has(fallback.Overlap),
		Read:        marks.Has(fallback.Read),
		Late:        marks.Has(fallback.Late),
		Attempts:    make([]AttemptLine, 0, len(r.History)),
	}
	if why := endOf(r); why != nil {
		code := codes.of(c, why)
		l.Reason, l.Meaning, l.Mend = reasonOf(why), code.Meaning, code.Mend
	}
	if whole {
		l.Destination = r.To.E164()
	}
	if !r.Closed.IsZero() {
		closed := r.Closed
		l.ClosedAt = &closed
	}
	for i := range r.History {
		if a := &r.History[i]; a.Reached != 0 && a.Leg == r.State.Leg && a.Try == r.State.Try {
			l.Channel = a.Reached
		}
		l.Attempts = append(l.Attempts, newAttemptLine(c, r.ID, &r.History[i], codes))
	}
	return l
}

func newAttemptLine(c *campaign.Campaign, id campaign.MessageID, a *fallback.Attempt, codes Codes) AttemptLine {
	leg, code := c.Route[a.Leg], codes.of(c, a)
	l := AttemptLine{
		ID: id.Attempt(int(a.Leg), int(a.Try)), Channel: leg.Channel, Account: leg.Account, Reason: a.Reason, Meaning: code.Meaning, Mend: code.Mend,
		Claimed: a.Claimed, Answered: a.Answered, Reported: a.Reported,
		Throttled: int(a.Throttled), Deferred: int(a.Deferred), Doubt: a.Doubt.String(), Resent: int(a.Resent), ProviderID: a.ProviderID, Reached: a.Reached, Parts: int(a.Parts),
	}
	l.Outcome, l.At = outcome(a)
	return l
}

// outcome is the best fact of an attempt, or how it ended, and when that was told.
func outcome(a *fallback.Attempt) (string, time.Time) {
	switch {
	case a.Best >= fallback.FactDelivered:
		return a.Best.String(), a.Reported
	case a.End != fallback.NoEnd:
		return a.End.String(), a.Reported
	case a.Doubt == fallback.InDoubt:
		return "unknown", a.Claimed
	case a.Best == fallback.FactNone:
		return "postponed", a.Claimed
	case a.Best == fallback.FactStarted || a.Answered.IsZero():
		return a.Best.String(), a.Claimed
	}
	return a.Best.String(), a.Answered
}
